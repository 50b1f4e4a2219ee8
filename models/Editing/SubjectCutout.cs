namespace FlexEdit.Models.Editing;

/// <summary>Finds the object of a subject picture that stands on a plain ground: what is not reached from the border over pixels of the ground's colour.</summary>
public static class SubjectCutout
{
    private const float LargestGroundSpread = 14;
    private const float GroundDistance = 26;

    /// <summary>Opacity of the object, side·side bytes; null where the border is not of one colour (the object then cannot be told from its ground).</summary>
    public static byte[]? Find(ReadOnlySpan<byte> rgb, int side)
    {
        Span<double> mean = stackalloc double[3];
        Span<double> square = stackalloc double[3];
        var count = 0;
        for (var i = 0; i < side; i++)
        {
            foreach (var at in (ReadOnlySpan<int>)[i, ((side - 1) * side) + i, i * side, (i * side) + side - 1])
            {
                count++;
                for (var c = 0; c < 3; c++)
                {
                    mean[c] += rgb[(at * 3) + c];
                    square[c] += rgb[(at * 3) + c] * rgb[(at * 3) + c];
                }
            }
        }
        for (var c = 0; c < 3; c++)
        {
            mean[c] /= count;
            if (Math.Sqrt(Math.Max(0, (square[c] / count) - (mean[c] * mean[c]))) > LargestGroundSpread)
                return null;
        }

        var alpha = new byte[side * side];
        Array.Fill(alpha, (byte)255);
        var open = new Stack<int>();
        for (var i = 0; i < side; i++)
        {
            open.Push(i);
            open.Push(((side - 1) * side) + i);
            open.Push(i * side);
            open.Push((i * side) + side - 1);
        }
        var ground = 0;
        while (open.TryPop(out var at))
        {
            if (alpha[at] == 0 || Distance(rgb, at, mean) > GroundDistance)
                continue;
            alpha[at] = 0;
            ground++;
            int x = at % side, y = at / side;
            if (x > 0)
                open.Push(at - 1);
            if (x < side - 1)
                open.Push(at + 1);
            if (y > 0)
                open.Push(at - side);
            if (y < side - 1)
                open.Push(at + side);
        }
        return ground > side && ground < side * side * 0.97 ? alpha : null;
    }

    private static double Distance(ReadOnlySpan<byte> rgb, int at, ReadOnlySpan<double> mean)
    {
        double sum = 0;
        for (var c = 0; c < 3; c++)
        {
            var d = rgb[(at * 3) + c] - mean[c];
            sum += d * d;
        }
        return Math.Sqrt(sum);
    }
}
