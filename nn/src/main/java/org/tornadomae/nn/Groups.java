package org.tornadomae.nn;

/// The logical groups that an optimizer step's clips are cut into, and those of one rank. They fix the order of every
/// sum over clips, and with it its bits: groups are added as a balanced tree (neighbours, then pairs of pairs) whether
/// one rank computes them all or each its own. That takes powers of two: then a rank's groups are a subtree.
///
/// The same cut shares flat arrays out: group g has elements g·⌈length / count⌉ and on, so that a rank's share is one
/// piece.
///
/// @param count how many groups there are, a power of two
/// @param rank  number of this rank, from 0
/// @param ranks how many there are, a power of two and at most `count`
public record Groups(int count, int rank, int ranks) {
    /// @throws UserException when the groups cannot be shared by so many ranks
    public Groups {
        if (Integer.bitCount(count) != 1 || count < 1) {
            throw new UserException("--groups " + count + ": must be a power of two (1, 2, 4, 8 ...)");
        }
        if (Integer.bitCount(ranks) != 1 || ranks < 1 || ranks > count) {
            throw new UserException("--groups " + count + " cannot be shared by " + ranks
                    + " ranks: start 1, 2, 4 ... or " + count);
        }
        if (rank < 0 || rank >= ranks) {
            throw new IllegalArgumentException("rank " + rank + " of " + ranks);
        }
    }

    /// Groups of each rank.
    public int perRank() {
        return count / ranks;
    }

    /// First group of this rank.
    public int first() {
        return rank * perRank();
    }

    /// Start of a rank's share of an array; `startOf(r + 1, length)` is its end.
    public int startOf(int someRank, int length) {
        return startOfGroup(someRank * perRank(), length);
    }

    /// Start of a group's share of an array.
    public int startOfGroup(int group, int length) {
        return (int) Math.min(length, (long) group * Math.ceilDiv(length, count));
    }
}
