namespace FlexEdit.Masks;

/// <summary>Connected pieces of a mask: pixels that touch at a side or a corner belong together.</summary>
public static class MaskComponents
{
    private readonly record struct Run(int Y, int First, int Last);

    /// <summary>How many pieces there are.</summary>
    public static int CountComponents(this Mask mask) => Find(mask).Count;

    /// <summary>The box of each piece, in the order of their first pixel.</summary>
    public static IReadOnlyList<Box> ComponentBoxes(this Mask mask) => Find(mask);

    private static List<Box> Find(Mask mask)
    {
        var runs = new List<Run>();
        var parents = new List<int>();
        int above = 0, aboveEnd = 0;
        for (var y = 0; y < mask.Height; y++)
        {
            var start = runs.Count;
            AddRuns(mask, y, runs, parents);
            for (int i = start, j = above; i < runs.Count; i++)
            {
                while (j < aboveEnd && runs[j].Last < runs[i].First - 1)
                    j++;
                for (var k = j; k < aboveEnd && runs[k].First <= runs[i].Last + 1; k++)
                    Join(parents, i, k);
            }

            (above, aboveEnd) = (start, runs.Count);
        }

        var indexOfRoot = new Dictionary<int, int>();
        var boxes = new List<Box>();
        for (var i = 0; i < runs.Count; i++)
        {
            var root = Root(parents, i);
            var box = new Box(runs[i].First, runs[i].Y, runs[i].Last - runs[i].First + 1, 1);
            if (indexOfRoot.TryAdd(root, boxes.Count))
                boxes.Add(box);
            else
                boxes[indexOfRoot[root]] = boxes[indexOfRoot[root]].Union(box);
        }

        return boxes;
    }

    private static void AddRuns(Mask mask, int y, List<Run> runs, List<int> parents)
    {
        var row = mask.Row(y);
        var x = 0;
        while (x < row.Length)
        {
            var first = row[x..].IndexOf(Mask.Marked);
            if (first < 0)
                return;
            first += x;
            var length = row[first..].IndexOf((byte)0);
            x = length < 0 ? row.Length : first + length;
            parents.Add(runs.Count);
            runs.Add(new Run(y, first, x - 1));
        }
    }

    private static int Root(List<int> parents, int i)
    {
        while (parents[i] != i)
            i = parents[i] = parents[parents[i]];
        return i;
    }

    private static void Join(List<int> parents, int a, int b)
    {
        var (rootA, rootB) = (Root(parents, a), Root(parents, b));
        parents[Math.Max(rootA, rootB)] = Math.Min(rootA, rootB);
    }
}
