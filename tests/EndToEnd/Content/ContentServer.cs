using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.EndToEnd.Hosting;

namespace FlexEdit.Tests.EndToEnd.Content;

/// <summary>A standalone server that finds red pictures unsafe, by a real ONNX file; its engines are simulated, so that a test chooses the colour of a result.</summary>
internal static class ContentServer
{
    /// <summary>Marks everything.</summary>
    public const string Everything = """[{"type":"rectangle","x":0,"y":0,"width":320,"height":240}]""";

    private static readonly (string, string)[] s_simulated =
    [
        ("FLEXEDIT__Models__Folder", Path.Combine(Checkout.Root, "tests", "Integration", "Faults", "models")),
        ("FLEXEDIT__Models__Default", "simulated"),
        ("FLEXEDIT__Understanding__Engine", "simulated"),
        ("FLEXEDIT__Generation__Engine", "simulated"),
        ("FLEXEDIT__Generation__Simulation__StepTime", "00:00:00.050"),
        ("FLEXEDIT__Storage__RetryGap", "00:00:00.010"),
    ];

    public static Task<ServerProcess> StartAsync(string data, params (string Name, string Value)[] settings)
    {
        var classifier = ColourClassifier.Settings(ColourClassifier.Write(data)).Select(setting => ($"FLEXEDIT__{setting.Name}", setting.Value));
        return ServerProcess.StartAsync(data, [.. s_simulated, .. classifier, ("FLEXEDIT__Content__TimeLimit", "00:01:00"), .. settings]);
    }

    public static Task<ServerProcess> StartPlainAsync(string data, params (string Name, string Value)[] settings) => ServerProcess.StartAsync(data, [.. s_simulated, .. settings]);

    public static byte[] RedPng(byte alpha = 255)
    {
        var picture = new RgbaImage(320, 240);
        for (var i = 0; i < picture.Pixels.Length; i += 4)
            (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2], picture.Pixels[i + 3]) = (230, 20, 20, alpha);
        return PictureEncoder.Png(alpha == 255 ? picture.WithoutAlpha() : picture);
    }
}
