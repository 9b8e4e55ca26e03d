/** Makes forms of the questions of a page. Only pages with questions load this; without it they can be
 *  read as they stand, each with its answer in a fold. */

import { offerChoice } from "./choice.js";
import { Clock } from "./clock.js";
import { offerMatching } from "./matching.js";
import { offerOrdering } from "./ordering.js";
import { offerPrediction } from "./predict.js";
import { Progress } from "./progress.js";
import { Question } from "./question.js";
import { offerTask } from "./task.js";

/** @type {Record<string, (question: Question) => void>} */
const OFFERS = {
  choice: offerChoice,
  matching: offerMatching,
  ordering: offerOrdering,
  predict: offerPrediction,
  task: offerTask,
};

/** @param {Document} page */
function offerChecks(page) {
  const progress = new Progress(page.body.dataset.cbPage);
  const questions = [...page.querySelectorAll(".cb-check[data-cb-check]")].map((element) => {
    const question = new Question(element, progress);
    OFFERS[element.dataset.cbCheck](question);
    return question;
  });
  progress.show(questions);
  for (const element of page.querySelectorAll(".cb-timer[data-cb-seconds]")) new Clock(element);
}

offerChecks(document);
