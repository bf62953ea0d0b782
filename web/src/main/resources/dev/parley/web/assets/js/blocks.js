/** Where the last finished block ends: before a line that begins something new after an empty line, or after a closed fence. */
export function lastBoundary(text, from) {
  let boundary = from;
  let fence = null;
  let blank = false;
  let at = from;
  while (at < text.length) {
    const next = text.indexOf('\n', at);
    // The last line may still become anything.
    if (next < 0) break;
    const line = text.slice(at, next);
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence) {
      if (mark && mark[1][0] === fence[0] && mark[1].length >= fence.length && !mark[2].trim()) {
        fence = null;
        boundary = next + 1;
      }
    } else {
      // Lists and what is indented belong to what was before the empty line.
      if (blank && !/^(\s|[-*+] |\d+[.)] |>)/.test(line) && line.trim()) boundary = at;
      if (mark) {
        if (line[0] === mark[1][0]) boundary = Math.max(boundary, at);
        fence = mark[1];
      }
    }
    blank = !line.trim();
    at = next + 1;
  }
  return boundary;
}
