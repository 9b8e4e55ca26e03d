/** The clocks of a deck: a module of its own, because slides need no other form. */

import { Clock } from "./clock.js";

for (const element of document.querySelectorAll(".cb-timer[data-cb-seconds]")) new Clock(element);
