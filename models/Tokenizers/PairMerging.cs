namespace FlexEdit.Models.Tokenizers;

/// <summary>
/// The loop of byte-pair encoding (Sennrich et al. 2016): the best pair of neighbours becomes one piece until no pair is known.
/// Among equals the leftmost goes first. Takes n·log n steps, so that a long word without spaces costs little.
/// </summary>
internal static class PairMerging
{
    /// <summary>Merges pieces.</summary>
    /// <param name="pieces">The symbols to begin with.</param>
    /// <param name="rank">Rank of the pair of two pieces, lower is better; null for a pair that is not merged.</param>
    /// <returns>The pieces that are left, in order.</returns>
    public static List<string> Merge(IReadOnlyList<string> pieces, Func<string, string, double?> rank)
    {
        var texts = pieces.ToArray();
        var next = new int[texts.Length];
        var previous = new int[texts.Length];
        var queue = new PriorityQueue<(int Left, int Right, int Length), (double Rank, int Left)>();
        for (var i = 0; i < texts.Length; i++)
            (previous[i], next[i]) = (i - 1, i + 1);
        for (var i = 0; i + 1 < texts.Length; i++)
            Offer(i, i + 1);
        while (queue.TryDequeue(out var pair, out _))
        {
            var (left, right, length) = pair;
            // A pair is stale when one of its halves has been merged with something else since.
            if (texts[left].Length == 0 || texts[right].Length == 0 || texts[left].Length + texts[right].Length != length || next[left] != right)
                continue;
            texts[left] += texts[right];
            texts[right] = "";
            next[left] = next[right];
            if (next[left] < texts.Length)
                previous[next[left]] = left;
            if (previous[left] >= 0)
                Offer(previous[left], left);
            if (next[left] < texts.Length)
                Offer(left, next[left]);
        }
        return [.. texts.Where(t => t.Length > 0)];

        void Offer(int left, int right)
        {
            if (rank(texts[left], texts[right]) is { } value)
                queue.Enqueue((left, right, texts[left].Length + texts[right].Length), (value, left));
        }
    }
}
