using System.Diagnostics;
using System.Globalization;
using FlexEdit.Masks;
using FlexEdit.Masks.FreeShapes;
using FlexEdit.Masks.Shapes;

// Usage: FlexEdit.Benchmark.Masks [COUNT]
// Draws COUNT masks of each kind at 512 px on one thread, and prints masks per second of processor time and the statistics of each kind.
const int Side = 512;
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
Mask[] things =
[
    MarkRasteriser.Draw([new CircleMark(240, 240, 120)], Side, Side),
    MarkRasteriser.Draw([new CircleMark(240, 220, 88), new RectangleMark(200, 280, 80, 120)], Side, Side),
    MarkRasteriser.Draw([new RectangleMark(120, 160, 240, 136) { Rotation = 25 }], Side, Side),
    MarkRasteriser.Draw([new CircleMark(256, 256, 144), new CircleMark(256, 256, 56) { Operation = MarkOperation.Subtract }], Side, Side),
];
Console.WriteLine($"{"kind",-16} {"masks/s",8}   coverage of the thing   IoU with the thing      IoU of the boxes        (5 %, median, 95 %)");
foreach (var kind in DrawnShape.Kinds)
    Measure(kind.ToString(), (thing, random) => DrawnShape.Draw(kind, thing, random));
Measure("RandomWalk", (thing, random) => RandomWalk.Draw(thing, random));

void Measure(string name, Func<Mask, SeededRandom, Mask> draw)
{
    // Once before, so that the code is compiled.
    Run(draw, Math.Min(count, 200));
    using var process = Process.GetCurrentProcess();
    var before = process.TotalProcessorTime;
    Run(draw, count);
    process.Refresh();
    var seconds = (process.TotalProcessorTime - before).TotalSeconds;

    var (recall, overlap, boxes) = (new double[count], new double[count], new double[count]);
    for (var i = 0; i < count; i++)
    {
        var thing = things[i % things.Length];
        var mark = draw(thing, new SeededRandom(31, (ulong)i));
        recall[i] = (double)mark.Intersect(thing).Count / thing.Count;
        overlap[i] = mark.IntersectionOverUnion(thing);
        var (a, b) = (mark.Bounds, thing.Bounds);
        double shared = a.Intersect(b).Area;
        boxes[i] = shared / (a.Area + b.Area - shared);
    }
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {count / seconds,8:F0}   {Quantiles(recall),-22}  {Quantiles(overlap),-22}  {Quantiles(boxes)}"));
}

void Run(Func<Mask, SeededRandom, Mask> draw, int times)
{
    for (var i = 0; i < times; i++)
        draw(things[i % things.Length], new SeededRandom(31, (ulong)i));
}

static string Quantiles(double[] values)
{
    Array.Sort(values);
    double At(double share) => values[(int)(share * (values.Length - 1))];
    return string.Create(CultureInfo.InvariantCulture, $"{At(0.05):F2}  {At(0.5):F2}  {At(0.95):F2}");
}
