/**
 * Where finished blocks end: before a line that begins something new after an empty line, or after a closed fence. Such an end
 * stays one, however the text goes on.
 */
export function* boundaries(text, from) {
  let boundary = from;
  let fence = null;
  let blank = false;
  let at = from;
  while (at < text.length) {
    const next = text.indexOf('\n', at);
    if (next < 0) {
      // The last line may still become many things, but what begins so begins something new.
      if (blank && !fence && at > boundary && /^(?:[^\s\d\-*+>]|[-*+]\S|\d+[^\d.)\s])/.test(text.slice(at, at + 20))) yield at;
      break;
    }
    // Only its beginning says what a line is.
    const line = text.slice(at, Math.min(next, at + 200));
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence) {
      if (mark && mark[1][0] === fence[0] && mark[1].length >= fence.length && !mark[2].trim()) {
        fence = null;
        boundary = next + 1;
        yield boundary;
      }
    } else {
      // Lists and what is indented belong to what was before the empty line.
      if (blank && !/^(\s|[-*+] |\d+[.)] |>)/.test(line) && line.trim() && at > boundary) {
        boundary = at;
        yield boundary;
      }
      if (mark) {
        if (line[0] === mark[1][0] && at > boundary) {
          boundary = at;
          yield boundary;
        }
        fence = mark[1];
      }
    }
    blank = !line.trim();
    at = next + 1;
  }
}

/** Where the last finished block ends. */
export function lastBoundary(text, from) {
  let last = from;
  for (const boundary of boundaries(text, from)) last = boundary;
  return last;
}

/** Whether what lies apart in a text belongs together: an address that is named in one place and used in another. */
export function refersAcross(text) {
  return /^ {0,3}\[[^\]\n]+\]:\s*\S/m.test(text);
}
