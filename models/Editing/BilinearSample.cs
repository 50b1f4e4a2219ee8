namespace FlexEdit.Models.Editing;

/// <summary>A picture of which bilinear samples are taken.</summary>
public interface ISampledPicture
{
    /// <summary>Columns.</summary>
    int Width { get; }

    /// <summary>Rows.</summary>
    int Height { get; }

    /// <summary>Adds a pixel, each colour times opacity in 0 to 2 and the opacity (0 to 1) in 3, all times a weight.</summary>
    void Add(int x, int y, float weight, Span<float> sum);
}

/// <summary>Bilinear sampling with opacity; there is nothing beyond the border.</summary>
public static class BilinearSample
{
    /// <summary>Adds the sample at (x, y), counted from the centre of the first pixel: colours times opacity in 0 to 2, opacity in 3.</summary>
    public static void Add<TPicture>(in TPicture picture, double x, double y, Span<float> sum)
        where TPicture : ISampledPicture, allows ref struct
    {
        var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, below) = ((float)(x - left), (float)(y - top));
        for (var dy = 0; dy < 2; dy++)
        {
            for (var dx = 0; dx < 2; dx++)
            {
                if (left + dx < 0 || top + dy < 0 || left + dx >= picture.Width || top + dy >= picture.Height)
                    continue;
                picture.Add(left + dx, top + dy, (dx == 0 ? 1 - right : right) * (dy == 0 ? 1 - below : below), sum);
            }
        }
    }
}
