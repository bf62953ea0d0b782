package dev.parley.adapter.embedded.words;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Words by their letters. Not changed once it is built, and so safe for use by many threads. */
final class WordTree {

    /** Stands between the words of a phrase. */
    static final int GAP = ' ';

    /** A beginning of words. */
    static final class Node {
        private final Map<Integer, Node> next = new HashMap<>();
        private boolean word;

        private Node() {}

        /** Whether it is a whole word. */
        boolean word() {
            return word;
        }

        Optional<Node> next(int letter) {
            return Optional.ofNullable(next.get(letter));
        }
    }

    private final Node root = new Node();

    private WordTree() {}

    /** @param words folded, their letters and digits parted by single blanks at most */
    static WordTree of(Collection<String> words) {
        WordTree tree = new WordTree();
        words.forEach(tree::add);
        return tree;
    }

    private void add(String word) {
        Node node = root;
        for (int letter : word.codePoints().toArray()) {
            node = node.next.computeIfAbsent(letter, any -> new Node());
        }
        node.word = true;
    }

    Node root() {
        return root;
    }
}
