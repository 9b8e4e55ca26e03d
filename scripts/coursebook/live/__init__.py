"""What pages with cells load to run them: our modules, npm bundles, the Linux, its licences."""
