/**
 * Compares what came about with what was expected. Objects are compared by the fields that are expected, lists item by item. An
 * object whose only key begins with `$` says more: atLeast, atMost, some (these items occur, in this order), count (`[number, item]`),
 * numbered (a text with that many numbered words, each once and in order), any (whether there is a value at all), not, all (of these).
 * @returns {string[]} what differs, in words
 */
export function differences(found, expected, path = '') {
  const wrong = (what) => [`${path || 'all'}: expected ${what}, found ${JSON.stringify(found)?.slice(0, 300)}`];
  if (expected === null || typeof expected !== 'object') return (found ?? null) === expected ? [] : wrong(JSON.stringify(expected));
  const [operator, ...others] = Object.keys(expected);
  if (operator?.startsWith('$') && !others.length) return judged(operator, found, expected[operator], path, wrong);
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return wrong(JSON.stringify(expected));
    return expected.flatMap((each, i) => differences(found[i], each, `${path}[${i}]`));
  }
  if (found === null || typeof found !== 'object') return wrong(JSON.stringify(expected));
  return Object.entries(expected).flatMap(([key, each]) => differences(found[key], each, path ? `${path}.${key}` : key));
}

const same = (found, expected) => differences(found, expected).length === 0;

function judged(operator, found, wish, path, wrong) {
  switch (operator) {
    case '$atLeast': return found >= wish ? [] : wrong(`at least ${wish}`);
    case '$atMost': return found <= wish ? [] : wrong(`at most ${wish}`);
    case '$any': return (found !== null && found !== undefined) === wish ? [] : wrong(wish ? 'something' : 'nothing');
    case '$not': return same(found, wish) ? wrong(`anything but ${JSON.stringify(wish)}`) : [];
    case '$all': return wish.flatMap((each) => differences(found, each, path));
    case '$some': {
      let at = 0;
      for (const each of found ?? []) if (at < wish.length && same(each, wish[at])) at += 1;
      return at === wish.length ? [] : wrong(`among others, in this order, ${JSON.stringify(wish)}`);
    }
    case '$count': {
      const [count, item] = wish;
      const fitting = (found ?? []).filter((each) => same(each, item)).length;
      return fitting === count ? [] : wrong(`${count} times ${JSON.stringify(item)}, not ${fitting} times`);
    }
    case '$numbered': {
      const words = found?.match(/word\d+/g) ?? [];
      const at = words.findIndex((word, i) => word !== `word${i + 1}`);
      if (at < 0 && words.length === wish) return [];
      return [`${path}: expected ${wish} numbered words, found ${words.length}${at < 0 ? '' : ` with '${words[at]}' as number ${at + 1}`}`];
    }
    default: throw new TypeError(`Expected an operator, found ${operator}`);
  }
}

/** What no scenario need say: nothing of a reply that ended is lost, shown twice or other than it is stored. */
export function broken(replies, stored) {
  return Object.entries(replies ?? {}).flatMap(([name, { message_id: id, status, text, shown, failed }]) => {
    if (!id || !['completed', 'stopped', 'interrupted'].includes(status)) return [];
    const content = stored.get(id);
    const faults = [];
    if (content !== undefined && text !== content) faults.push(`replies.${name}.text: expected what is stored, ${short(content)}, found ${short(text)}`);
    // Whose reading failed has seen the beginning.
    if (failed ? !text.startsWith(shown) : shown !== text) faults.push(`replies.${name}.shown: expected ${short(text)}, found ${short(shown)}`);
    return faults;
  });
}

function short(text) {
  return text === undefined || text === null || text.length < 200 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 80))}…(${text.length})…${JSON.stringify(text.slice(-80))}`;
}
