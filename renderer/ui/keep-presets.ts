// The keep rules that are offered by name, and which of them a set of rules is. Pure.
import { keepEverything, type KeepRules } from '../../shared/model/keep-rules.ts';

export type KeepPreset = 'month' | 'short' | 'long' | 'everything' | 'custom';

const DAY_MS = 86_400_000;

const rulesByPreset: Readonly<Record<Exclude<KeepPreset, 'custom'>, KeepRules>> = {
  // What was lost at noon must not go with the evening's backup: of a day only the newest would stay.
  month: { ...keepEverything, withinMs: 2 * DAY_MS, daily: 31, weekly: 12, monthly: 12 },
  short: { ...keepEverything, hourly: 24, daily: 14 },
  long: { ...keepEverything, hourly: 48, daily: 31, weekly: 52, monthly: 36, yearly: 10 },
  everything: keepEverything,
};

export function keepRulesOfPreset(preset: Exclude<KeepPreset, 'custom'>): KeepRules {
  return rulesByPreset[preset];
}

export function keepPresetOf(rules: KeepRules): KeepPreset {
  const names = Object.keys(rulesByPreset) as Exclude<KeepPreset, 'custom'>[];
  return names.find((name) => isSame(rulesByPreset[name], rules)) ?? 'custom';
}

function isSame(a: KeepRules, b: KeepRules): boolean {
  return (Object.keys(a) as (keyof KeepRules)[]).every((rule) => a[rule] === b[rule]);
}
