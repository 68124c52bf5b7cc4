package io.dromos.routing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A regular expression from a label, matched in time that grows with the text alone: no pattern, a
 * hostile one included, can make a match slow (a set of states instead of backtracking).
 *
 * <p>Knows literals, {@code . [a-z] [^a-z] \d \w \s}, groups, {@code |}, {@code * + ?}, {@code
 * {n,m}}, {@code ^} and {@code $}; ASCII, without case. Back references and look-around are not
 * regular and are refused. Immutable.
 */
public final class LinePattern {
  private static final int LONGEST = 256;
  private static final int LARGEST = 500;
  private static final int MOST_REPEATS = 64;

  private enum Op {
    CHARS,
    SPLIT,
    BEGIN,
    END,
    MATCH
  }

  /** One state: {@code CHARS} goes to {@code x}, {@code SPLIT} to both. */
  private static final class State {
    final Op op;
    final BitSet chars;
    int x;
    int y;

    State(Op op, BitSet chars, int x, int y) {
      this.op = op;
      this.chars = chars;
      this.x = x;
      this.y = y;
    }
  }

  private final State[] states;
  private final int start;

  private LinePattern(List<State> states, int start) {
    this.states = states.toArray(State[]::new);
    this.start = start;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static LinePattern parse(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("a pattern has at most " + LONGEST + " characters");
    }
    return new Parser(text).parse();
  }

  /** Whether it is found anywhere in the text. */
  public boolean find(CharSequence text) {
    return run(text, true) >= 0;
  }

  /** End of the longest match that begins at the text's beginning; -1 for none. */
  public int longestPrefix(CharSequence text) {
    return run(text, false);
  }

  private int run(CharSequence text, boolean anywhere) {
    Threads now = new Threads(states.length);
    Threads next = new Threads(states.length);
    int best = -1;
    for (int at = 0; at <= text.length(); at++) {
      if (at == 0 || anywhere) {
        add(now, start, at, text.length());
      }
      if (now.matched) {
        best = at;
        if (anywhere) {
          return best;
        }
      }
      if (at == text.length() || (now.size == 0 && !anywhere)) {
        break;
      }
      char c = Parser.fold(text.charAt(at));
      for (int i = 0; i < now.size; i++) {
        State state = states[now.list[i]];
        if (state.op == Op.CHARS && state.chars.get(c < 128 ? c : 127)) {
          add(next, state.x, at + 1, text.length());
        }
      }
      Threads done = now;
      now = next;
      next = done;
      next.clear();
    }
    return best;
  }

  /** Adds a state and those it leads to without a character. */
  private void add(Threads threads, int first, int at, int length) {
    int[] stack = threads.stack;
    int top = 0;
    stack[top++] = first;
    while (top > 0) {
      int index = stack[--top];
      if (!threads.enter(index)) {
        continue;
      }
      State state = states[index];
      switch (state.op) {
        case CHARS -> {}
        case SPLIT -> {
          stack[top++] = state.y;
          stack[top++] = state.x;
        }
        case BEGIN -> {
          if (at == 0) {
            stack[top++] = state.x;
          }
        }
        case END -> {
          if (at == length) {
            stack[top++] = state.x;
          }
        }
        case MATCH -> threads.matched = true;
      }
    }
  }

  /** The states a match is in at one character. */
  private static final class Threads {
    final int[] list;
    final int[] stack;
    final BitSet in;
    int size;
    boolean matched;

    Threads(int states) {
      list = new int[states];
      stack = new int[2 * states + 1];
      in = new BitSet(states);
    }

    boolean enter(int state) {
      if (in.get(state)) {
        return false;
      }
      in.set(state);
      list[size++] = state;
      return true;
    }

    void clear() {
      in.clear();
      size = 0;
      matched = false;
    }
  }

  /** Recursive descent; builds states back to front, each piece knowing what follows it. */
  private static final class Parser {
    private static final BitSet NONE = new BitSet();

    private final String text;
    private final List<State> states = new ArrayList<>();
    private int at;
    private int repeats;

    /** A piece of the pattern, before it is known what follows it. */
    private interface Piece {
      int build(int next);
    }

    Parser(String text) {
      this.text = text;
    }

    LinePattern parse() {
      Piece whole = alternatives();
      if (at < text.length()) {
        throw bad("a ) without its (");
      }
      int match = state(Op.MATCH, NONE, 0, 0);
      int start = whole.build(match);
      return new LinePattern(states, start);
    }

    private IllegalArgumentException bad(String what) {
      return new IllegalArgumentException("'" + text + "' is not a pattern: " + what);
    }

    private int state(Op op, BitSet chars, int x, int y) {
      if (states.size() >= LARGEST) {
        throw bad("it is too large");
      }
      states.add(new State(op, chars, x, y));
      return states.size() - 1;
    }

    private Piece alternatives() {
      Piece left = sequence();
      while (at < text.length() && text.charAt(at) == '|') {
        at++;
        Piece first = left;
        Piece second = sequence();
        left = next -> state(Op.SPLIT, NONE, first.build(next), second.build(next));
      }
      return left;
    }

    private Piece sequence() {
      List<Piece> pieces = new ArrayList<>();
      while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
        pieces.add(repeated());
      }
      return next -> {
        int follows = next;
        for (int i = pieces.size() - 1; i >= 0; i--) {
          follows = pieces.get(i).build(follows);
        }
        return follows;
      };
    }

    private Piece repeated() {
      Piece piece = atom();
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '{' && !braces()) {
          throw bad("{ needs numbers, as in {1,3}");
        }
        int[] range =
            switch (c) {
              case '*' -> new int[] {0, -1};
              case '+' -> new int[] {1, -1};
              case '?' -> new int[] {0, 1};
              case '{' -> range();
              default -> null;
            };
        if (range == null) {
          return piece;
        }
        at++;
        piece = repeat(piece, range[0], range[1]);
      }
      return piece;
    }

    private boolean braces() {
      return text.substring(at).matches("(?s)\\{\\d{1,2}(,\\d{0,2})?\\}.*");
    }

    private int[] range() {
      int end = text.indexOf('}', at);
      String[] parts = text.substring(at + 1, end).split(",", -1);
      at = end;
      int from = Integer.parseInt(parts[0]);
      int to = parts.length == 1 ? from : parts[1].isEmpty() ? -1 : Integer.parseInt(parts[1]);
      if (from > MOST_REPEATS || to > MOST_REPEATS || (to >= 0 && to < from)) {
        throw bad("{n,m} goes up to " + MOST_REPEATS + ", the smaller number first");
      }
      return new int[] {from, to};
    }

    private Piece repeat(Piece piece, int from, int to) {
      return next -> {
        int follows = next;
        if (to < 0) {
          int loop = state(Op.SPLIT, NONE, 0, next);
          states.get(loop).x = piece.build(loop);
          follows = loop;
        }
        for (int i = from; i < to; i++) {
          count();
          follows = state(Op.SPLIT, NONE, piece.build(follows), next);
        }
        for (int i = 0; i < from; i++) {
          count();
          follows = piece.build(follows);
        }
        return follows;
      };
    }

    /** Nested repeats of nothing add no states, but would take for ever to build. */
    private void count() {
      if (++repeats > LARGEST) {
        throw bad("it is too large");
      }
    }

    private Piece atom() {
      char c = text.charAt(at++);
      return switch (c) {
        case '(' -> group();
        case '^' -> next -> state(Op.BEGIN, NONE, next, 0);
        case '$' -> next -> state(Op.END, NONE, next, 0);
        case '.' -> chars(inverted(NONE));
        case '[' -> chars(bracket());
        case '\\' -> chars(escape());
        case '*', '+', '?', '{' -> throw bad(c + " has nothing to repeat");
        default -> chars(one(c));
      };
    }

    private Piece group() {
      if (text.startsWith("?:", at)) {
        at += 2;
      } else if (text.startsWith("?", at)) {
        throw bad("look-around and flags are not supported");
      }
      Piece inside = alternatives();
      if (at >= text.length()) {
        throw bad("a ( without its )");
      }
      at++;
      return inside;
    }

    private Piece chars(BitSet set) {
      return next -> state(Op.CHARS, set, next, 0);
    }

    private BitSet one(char c) {
      if (c < ' ' || c >= 127) {
        throw bad("it holds a character that no host and no path has");
      }
      BitSet set = new BitSet(128);
      set.set(fold(c));
      return set;
    }

    private BitSet escape() {
      if (at >= text.length()) {
        throw bad("it ends in a \\");
      }
      char c = text.charAt(at++);
      BitSet set = new BitSet(128);
      switch (Character.toLowerCase(c)) {
        case 'd' -> set.set('0', '9' + 1);
        case 'w' -> {
          set.set('0', '9' + 1);
          set.set('a', 'z' + 1);
          set.set('_');
        }
        case 's' -> set.set(' ');
        default -> {
          if (Character.isLetterOrDigit(c)) {
            throw bad("\\" + c + " is not supported");
          }
          return one(c);
        }
      }
      return Character.isUpperCase(c) ? inverted(set) : set;
    }

    private BitSet bracket() {
      boolean not = text.startsWith("^", at);
      if (not) {
        at++;
      }
      BitSet set = new BitSet(128);
      boolean first = true;
      while (true) {
        if (at >= text.length()) {
          throw bad("a [ without its ]");
        }
        char c = text.charAt(at++);
        if (c == ']' && !first) {
          return not ? inverted(set) : set;
        }
        first = false;
        if (c == '\\') {
          set.or(escape());
          continue;
        }
        set.or(one(c));
        if (text.startsWith("-", at) && at + 1 < text.length() && text.charAt(at + 1) != ']') {
          char to = text.charAt(at + 1);
          at += 2;
          if (to < c) {
            throw bad("[" + c + "-" + to + "] runs backwards");
          }
          for (char each = c; each <= to; each++) {
            set.or(one(each));
          }
        }
      }
    }

    private static BitSet inverted(BitSet set) {
      BitSet all = new BitSet(128);
      all.set(0, 128);
      all.andNot(set);
      return all;
    }

    static char fold(char c) {
      return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
  }
}
