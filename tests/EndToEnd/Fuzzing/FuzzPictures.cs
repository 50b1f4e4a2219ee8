using FlexEdit.Imaging;
using FlexEdit.Masks;
using FlexEdit.Tests.EndToEnd.Pictures;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>Small pictures, good and bad, made once.</summary>
internal static class FuzzPictures
{
    private static readonly byte[][] s_good =
        [.. Enumerable.Range(0, 4).Select(i => Scenes.PhotographPng(64, 64 - (i / 3))), PictureEncoder.Jpeg(Scenes.Photograph(64, 64).WithoutAlpha()), PictureEncoder.Webp(Scenes.Photograph(64, 64)), Scenes.MaskPng(64, 64, new Box(10, 10, 30, 30))];

    private static readonly byte[][] s_bad =
    [
        [], [0x89], BadFiles.Svg, BadFiles.Html, BadFiles.Noise, BadFiles.CutShort(s_good[0]), BadFiles.CutShort(s_good[4]), BadFiles.HugeHeader(), BadFiles.AnimatedPng(), BadFiles.AnimatedWebp(), BadFiles.Gif(), BadFiles.Tiff(),
        [.. s_good[0], .. BadFiles.Html], Scenes.MaskPng(64, 64, new Box(0, 0, 0, 0)), Scenes.PhotographPng(1, 1), Scenes.PhotographPng(300, 2),
    ];

    public static byte[] Any(SeededRandom random) => random.Chance(0.85) ? random.Pick(s_good) : random.Pick(s_bad);

    public static byte[] Bad(SeededRandom random) => random.Pick(s_bad);

    public static string DataUri(SeededRandom random) => $"data:image/png;base64,{Convert.ToBase64String(Any(random))}";
}
