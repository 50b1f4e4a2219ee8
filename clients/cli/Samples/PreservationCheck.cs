using System.Security.Cryptography;
using FlexEdit.Cli.Api;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Samples;

/// <summary>
/// Recomputes the proof that an edit carries (API.md, <c>preservation</c>) from the two pictures themselves,
/// trusting nothing that the server says.
/// </summary>
public sealed record PreservationCheck
{
    private PreservationCheck(Box region, long changedPixels, IReadOnlyList<string> complaints)
    {
        Region = region;
        ChangedPixels = changedPixels;
        Complaints = complaints;
    }

    /// <summary>The tightest box around every pixel that differs; empty when none does.</summary>
    public Box Region { get; }

    /// <summary>Pixels that differ.</summary>
    public long ChangedPixels { get; }

    /// <summary>What the server claimed and is not so, one sentence each; empty when all of it holds.</summary>
    public IReadOnlyList<string> Complaints { get; }

    /// <summary>Compares a result with the upright scene.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="result">The result, decoded from a lossless file.</param>
    /// <param name="claim">What the job says about it.</param>
    public static PreservationCheck Compare(RgbaImage scene, RgbaImage result, JobPreservation claim)
    {
        if (scene.Width != result.Width || scene.Height != result.Height)
            return new(default, 0, [$"The result has {result.Width}x{result.Height} pixels, the scene {scene.Width}x{scene.Height}."]);

        var (region, changed) = Difference(scene, result);
        var complaints = new List<string>();
        if (claim.ChangedOutside != 0)
            complaints.Add($"{claim.ChangedOutside} pixels changed where nothing should.");
        if (!claim.Region.SequenceEqual([region.X, region.Y, region.Width, region.Height]))
            complaints.Add($"The region is said to be [{string.Join(", ", claim.Region)}], but it is [{region.X}, {region.Y}, {region.Width}, {region.Height}].");
        if (claim.ChangedPixels != changed)
            complaints.Add($"{claim.ChangedPixels} pixels are said to differ, but {changed} do.");
        if (claim.OutsideSha256Before != OutsideDigest(scene, region))
            complaints.Add("The digest of the scene outside of the region is another one.");
        if (claim.OutsideSha256After != OutsideDigest(result, region))
            complaints.Add("The digest of the result outside of the region is another one.");
        return new(region, changed, complaints);
    }

    /// <summary>SHA-256 of the RGBA pixels, row by row, with those of the region set to zero; lower-case hexadecimal.</summary>
    public static string OutsideDigest(RgbaImage picture, Box region)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var row = new byte[picture.Width * 4];
        for (var y = 0; y < picture.Height; y++)
        {
            picture.Row(y).CopyTo(row);
            if (y >= region.Y && y < region.Bottom)
                row.AsSpan(region.X * 4, region.Width * 4).Clear();
            hash.AppendData(row);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static (Box Region, long Changed) Difference(RgbaImage scene, RgbaImage result)
    {
        var region = default(Box);
        var changed = 0L;
        for (var y = 0; y < scene.Height; y++)
        {
            var before = scene.Row(y);
            var after = result.Row(y);
            if (before.SequenceEqual(after))
                continue;
            for (var x = 0; x < scene.Width; x++)
            {
                if (before.Slice(x * 4, 4).SequenceEqual(after.Slice(x * 4, 4)))
                    continue;
                changed++;
                region = region.Union(new Box(x, y, 1, 1));
            }
        }
        return (region, changed);
    }
}
