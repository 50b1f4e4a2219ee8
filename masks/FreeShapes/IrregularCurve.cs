using FlexEdit.Masks.Shapes;

namespace FlexEdit.Masks.FreeShapes;

/// <summary>A closed wobbly curve: the ellipse of the box, or the object's own outline seen from its centre, times a smooth random factor.</summary>
internal static class IrregularCurve
{
    private const int Corners = 32;

    public static PolygonMark Draw(FreeShape.Frame frame, double scale, Mask? objectMask, SeededRandom random)
    {
        var reach = objectMask is null ? null : Reach(objectMask);
        var wobble = Wobble(random);
        var points = new MarkPoint[Corners];
        for (var i = 0; i < Corners; i++)
        {
            var angle = 2 * Math.PI * i / Corners;
            var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
            var (w, h) = (Math.Max(frame.HalfWidth, 1), Math.Max(frame.HalfHeight, 1));
            var ellipse = w * h / Math.Sqrt((h * cos * h * cos) + (w * sin * w * sin));
            // Half way between outline and ellipse: a hand follows the form, but not into its corners.
            var radius = reach is null ? ellipse : (ellipse + (reach[i] * scale)) / 2;
            radius *= 1 + wobble[i];
            points[i] = new MarkPoint(
                FreeShape.Round(frame.X + (radius * cos)), FreeShape.Round(frame.Y + (radius * sin)));
        }

        return new PolygonMark(points);
    }

    /// <summary>How far the object reaches from its box's centre in each direction, smoothed over neighbours.</summary>
    private static double[] Reach(Mask mask)
    {
        var box = mask.Bounds;
        var (cx, cy) = (box.X + (box.Width / 2.0), box.Y + (box.Height / 2.0));
        var raw = new double[Corners];
        for (var i = 0; i < Corners; i++)
        {
            var angle = 2 * Math.PI * i / Corners;
            var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
            for (var r = (box.Width + box.Height) / 2.0; r > 1 && raw[i] == 0; r -= 0.5)
            {
                if (mask[(int)Math.Floor(cx + (r * cos)), (int)Math.Floor(cy + (r * sin))])
                    raw[i] = r;
            }
        }

        var smooth = new double[Corners];
        for (var i = 0; i < Corners; i++)
            smooth[i] = (raw[(i + Corners - 1) % Corners] + (2 * raw[i]) + raw[(i + 1) % Corners]) / 4;
        return smooth;
    }

    /// <summary>Smooth noise around the circle: waves of two to five periods, together up to about a fifth.</summary>
    private static double[] Wobble(SeededRandom random)
    {
        var noise = new double[Corners];
        for (var wave = 2; wave <= 5; wave++)
        {
            var height = random.Between(0, 0.22) / wave * 1.5;
            var phase = random.Between(0, 2 * Math.PI);
            for (var i = 0; i < Corners; i++)
                noise[i] += height * Math.Sin((2 * Math.PI * wave * i / Corners) + phase);
        }

        return noise;
    }
}
