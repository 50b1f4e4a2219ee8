using FlexEdit.Gateway.Decoding;
using FlexEdit.Platform.Children;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Real child processes: the gateway's own program, which lies beside the tests.</summary>
internal static class Children
{
    public static ChildCommand Command { get; } = new(
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "FlexEdit.Gateway.exe" : "FlexEdit.Gateway"), []);

    public static DecodePool Pool(DecodeOptions options, TimeProvider? time = null) =>
        new(Options.Create(options), Command, time ?? TimeProvider.System, NullLogger<DecodePool>.Instance);
}
