// What Google's CSP evaluator finds in the policies on standard input, one a line: a list of findings for each, as JSON.
const { readFileSync } = require("node:fs");
const { CspEvaluator } = require("../vendor/csp_evaluator/evaluator.js");
const { CspParser } = require("../vendor/csp_evaluator/parser.js");
const { Severity } = require("../vendor/csp_evaluator/finding.js");

const policies = readFileSync(0, "utf8").split("\n").filter(Boolean);
const found = policies.map((policy) =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .map(({ severity, directive, value, description }) => ({
      severity,
      name: Severity[severity],
      directive,
      value: value ?? "",
      description,
    })),
);
process.stdout.write(JSON.stringify(found));
