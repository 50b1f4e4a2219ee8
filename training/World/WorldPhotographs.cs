using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Training.World;

/// <summary>Photographs at the size that scenes are cut from.</summary>
internal static class WorldPhotographs
{
    /// <summary>Longer side, pixels.</summary>
    private const int Size = 1024;

    // Taken by a camera; everything else in these packages is drawn.
    private static readonly HashSet<string> Taken =
    [
        "gnome-backgrounds--wood-l", "lomiri-wallpapers-16.04--Bridge_by_Sander_Klootwijk", "lomiri-wallpapers-16.04--Dragonfly_by_Bolly",
        "lomiri-wallpapers-16.04--Picture_0B_by_freespace", "lomiri-wallpapers-16.04--Picture_1A_by_freespace",
        "lomiri-wallpapers-16.04--Wine_by_Jakkub_Mede", "lomiri-wallpapers-16.04--aitzgorri_by_Aitzol_Berasategi",
        "lomiri-wallpapers-16.04--free_by_Peter_Nerlich", "lomiri-wallpapers-16.04--friends_by_Aitzol_Berasategi",
        "lomiri-wallpapers-16.04--greentock_by_Peter_Nerlich", "lomiri-wallpapers-16.04--life_by_Aitzol_Berasategi",
        "lomiri-wallpapers-16.04--picosdeeuropa_by_Aitzol_Berasategi", "lomiri-wallpapers-16.04--seeding_by_Clements_Engelhardt",
        "lomiri-wallpapers-16.04--sunset_by_Aitzol_Berasategi", "lomiri-wallpapers-20.04--Kleiber_by_Lukas_Baubkus",
        "mate-backgrounds--Aqua", "mate-backgrounds--Blinds", "mate-backgrounds--Dune", "mate-backgrounds--FreshFlower",
        "mate-backgrounds--Garden", "mate-backgrounds--GreenMeadow", "mate-backgrounds--LadyBird", "mate-backgrounds--RainDrops",
        "mate-backgrounds--Storm", "mate-backgrounds--TwoWings", "mate-backgrounds--Wood", "mate-backgrounds--YellowFlower",
        "plasma-workspace-wallpapers--BytheWater", "plasma-workspace-wallpapers--ColdRipple", "plasma-workspace-wallpapers--ColorfulCups",
        "plasma-workspace-wallpapers--DarkestHour", "plasma-workspace-wallpapers--EveningGlow", "plasma-workspace-wallpapers--FallenLeaf",
        "plasma-workspace-wallpapers--Grey", "plasma-workspace-wallpapers--Kite", "plasma-workspace-wallpapers--OneStandsOut",
        "plasma-workspace-wallpapers--Path", "plasma-workspace-wallpapers--Volna", "plasma-workspace-wallpapers--summer_1am",
    ];

    // Seen through: nothing but white would be left. Or writing on a plain ground.
    private static readonly HashSet<string> Left =
    [
        "mate-backgrounds--Arc-Colors-Transparent-Wallpaper", "mate-backgrounds--Flow", "mate-backgrounds--Gulp", "mate-backgrounds--Silk",
        "mate-backgrounds--Spring", "mate-backgrounds--Stripes", "mate-backgrounds--Waves", "mate-backgrounds--MATE-Stripes-Light",
        "mate-backgrounds--MATE-Stripes-Dark", "mate-backgrounds--GreenTraditional",
    ];

    /// <summary>The photographs of a world, by name.</summary>
    public static string[] Files(string folder) =>
        [.. Directory.GetFiles(Path.Combine(folder, "photographs"))
            .Where(f => Path.GetExtension(f) is ".jpg" or ".jpeg" or ".png" or ".webp")
            .Where(f => !Left.Contains(Path.GetFileNameWithoutExtension(f))).Order(StringComparer.Ordinal)];

    /// <summary>Reads one; what large files cost to decode is paid once, the small version is kept beside them.</summary>
    public static WorldPhoto Read(string folder, string file)
    {
        var name = Path.GetFileName(file);
        var small = Path.Combine(folder, "photographs-small", name + ".png");
        if (!File.Exists(small))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(small)!);
            // Written aside first, so that a stopped run leaves no half file.
            var aside = $"{small}.{Environment.ProcessId}";
            File.WriteAllBytes(aside, PictureEncoder.Png(Shrink(file)));
            File.Move(aside, small, overwrite: true);
        }

        var picture = PictureDecoder.DecodeFile(small).Pixels.WithoutAlpha();
        var drawn = !Taken.Contains(Path.GetFileNameWithoutExtension(name));
        return new WorldPhoto(name, HeldOut.Photograph(name), picture.Width, picture.Height, drawn, picture.Pixels);
    }

    private static RgbImage Shrink(string file)
    {
        var limits = new PictureLimits { Bytes = 100_000_000, Pixels = 100_000_000 };
        var picture = PictureDecoder.DecodeFile(file, limits).Pixels.Over(255, 255, 255);
        var scale = Math.Min(1, (double)Size / Math.Max(picture.Width, picture.Height));
        return PictureResize.To(picture, (int)Math.Round(picture.Width * scale), (int)Math.Round(picture.Height * scale));
    }
}
