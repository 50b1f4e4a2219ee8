using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Running;

/// <summary>The trivial baselines, always in the tables.</summary>
public static class Baselines
{
    /// <summary>The three of them.</summary>
    public static IReadOnlyList<IPictureEditor> All { get; } =
    [
        new Baseline("unchanged", (pictures, _) => pictures.Scene),
        new Baseline("pasted subject", (pictures, mask) => pictures.Subject is null ? pictures.Scene : Paste(pictures.Scene, pictures.Subject, mask.Bounds)),
        new Baseline("blurred region", (pictures, mask) => Blur(pictures.Scene, mask)),
    ];

    /// <summary>The whole subject picture, as large as fits into the mask's box with its proportions, in the box's middle.</summary>
    public static RgbImage Paste(RgbImage scene, RgbaImage subject, Box box)
    {
        var scale = Math.Min((double)box.Width / subject.Width, (double)box.Height / subject.Height);
        var (width, height) = (Math.Max(1, (int)Math.Round(subject.Width * scale)), Math.Max(1, (int)Math.Round(subject.Height * scale)));
        var small = PictureResize.To(subject, width, height);
        var result = new RgbImage(scene.Width, scene.Height, (byte[])scene.Pixels.Clone());
        var (left, top) = (box.X + ((box.Width - width) / 2), box.Y + ((box.Height - height) / 2));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var pixel = small.Row(y).Slice(x * 4, 4);
                var target = result.Row(top + y).Slice((left + x) * 3, 3);
                for (var c = 0; c < 3; c++)
                    target[c] = (byte)(((pixel[c] * pixel[3]) + (target[c] * (255 - pixel[3])) + 127) / 255);
            }
        }
        return result;
    }

    /// <summary>The mask's pixels, each the mean over a square a quarter as long as the mask's box around it.</summary>
    public static RgbImage Blur(RgbImage scene, Mask mask)
    {
        var box = mask.Bounds;
        var reach = Math.Max(1, box.LongerSide / 8);
        var result = new RgbImage(scene.Width, scene.Height, (byte[])scene.Pixels.Clone());
        Span<int> sums = stackalloc int[3];
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
            {
                if (!mask[x, y])
                    continue;
                sums.Clear();
                var around = new Box(x - reach, y - reach, (2 * reach) + 1, (2 * reach) + 1).Intersect(mask.Frame);
                for (var row = around.Y; row < around.Bottom; row++)
                {
                    var from = scene.Row(row);
                    for (var at = around.X * 3; at < around.Right * 3; at += 3)
                        (sums[0], sums[1], sums[2]) = (sums[0] + from[at], sums[1] + from[at + 1], sums[2] + from[at + 2]);
                }
                for (var c = 0; c < 3; c++)
                    result.Row(y)[(x * 3) + c] = (byte)(sums[c] / around.Area);
            }
        }
        return result;
    }

    private sealed class Baseline(string name, Func<CasePictures, Mask, RgbImage> edit) : IPictureEditor
    {
        public string Name => name;

        public bool Trivial => true;

        public Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken) =>
            Task.FromResult(new EditOutcome(edit(pictures, mask)));

        public void Dispose()
        {
        }
    }
}
