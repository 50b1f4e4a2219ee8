using FlexEdit.Imaging.Pixels;
using NetVips;

namespace FlexEdit.Imaging;

/// <summary>The image library, with every reader of foreign files blocked but those for JPEG, PNG and WebP.</summary>
internal static class Vips
{
    // Held here because the library calls it for as long as it lives.
    private static readonly Log.LogDelegate Silence = static (_, _, _) => { };

    static Vips()
    {
        Operation.Block("VipsForeignLoad", true);
        foreach (var format in (string[])["Jpeg", "Png", "Webp"])
            Operation.Block("VipsForeignLoad" + format, false);
        global::NetVips.NetVips.BlockUntrusted = true;
        // Remembered operations would keep strangers' pictures in memory, and none is ever run twice.
        Cache.Max = 0;
        // What damaged uploads make it warn of arrives as an exception as well; the console is not its place.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, Silence);
    }

    /// <summary>Reads a file's header. Its pixels are decoded when they are asked for, and then strictly.</summary>
    public static Image Open(byte[] bytes) => Image.NewFromBuffer(bytes, failOn: Enums.FailOn.Error);

    /// <summary>Reads a JPEG's header as if the picture were smaller by <paramref name="shrink"/> (2, 4 or 8) on each side, which is less work to decode.</summary>
    public static Image OpenJpeg(byte[] bytes, int shrink) => Image.JpegloadBuffer(bytes, shrink: shrink, failOn: Enums.FailOn.Error);

    /// <summary>Lends a raster's samples to the library; the raster must outlive the image.</summary>
    public static Image Of(Raster raster)
    {
        var interpretation = raster.Channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb;
        using var bare = Image.NewFromMemory(
            raster.Pixels, raster.Width, raster.Height, raster.Channels, Enums.BandFormat.Uchar);
        return bare.Copy(interpretation: interpretation);
    }
}
