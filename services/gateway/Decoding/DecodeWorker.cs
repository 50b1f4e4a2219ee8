using FlexEdit.Gateway.Decoding.Child;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Platform.Children;

namespace FlexEdit.Gateway.Decoding;

/// <summary>
/// The program that a decoder's child process runs. Every program that may be a gateway asks first thing:
/// <c>if (DecodeWorker.IsRequested(args)) return await DecodeWorker.RunAsync(args);</c>
/// It answers each <see cref="DecodeRequest"/> with a <see cref="DecodeAnswer"/>.
/// </summary>
public static class DecodeWorker
{
    /// <summary>The first argument of a child.</summary>
    public const string Verb = "decode-worker";

    /// <summary>Whether this process was started as a child.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args.Count > 0 && args[0] == Verb;

    /// <summary>Works until the input ends. <paramref name="args"/>: the verb and the memory limit in MiB.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args) =>
        ChildLoop.RunAsync<DecodeRequest, DecodeAnswer>(args, static () => _ = PictureEncoder.Png(new GrayImage(1, 1)), DecodeWork.Run);
}
