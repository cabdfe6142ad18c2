// What the models are called, and why one is used or not.

const MODELS: Record<string, string> = {
  last_price: "Last price",
  drift: "Drift",
  ets: "Exponential smoothing",
  autoregression: "Autoregression",
  boosted_trees: "Boosted trees",
};

const VERDICTS: Record<string, string> = {
  chosen: "In use: significantly better than the last price",
  chosen_by_default: "In use: nothing is significantly better",
  beaten: "Given up for something significantly better",
  not_better: "Not better than the last price",
  not_significant: "Better, but no more than luck would have it",
  another_is_better: "Significantly better, but another is better still",
};

export const modelName = (model: string) => MODELS[model] ?? model;
export const verdictWords = (verdict: string) => VERDICTS[verdict] ?? verdict;

export const HORIZONS = [
  { value: "1", label: "1 day" },
  { value: "5", label: "5 days" },
  { value: "10", label: "10 days" },
];
