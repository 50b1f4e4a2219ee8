using System.Runtime.CompilerServices;
using FlexEdit.Models.Natives;

namespace FlexEdit.Tests;

/// <summary>
/// A test may call TorchSharp before any type of <c>FlexEdit.Models</c>, which would load libtorch; TorchSharp's own search
/// then fails on systems with an older C++ runtime, and stays failed for the process.
/// </summary>
internal static class LoadTorchFirst
{
#pragma warning disable CA2255 // The tests are a program, and this has to come before everything else in it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnModuleLoad() => TorchNatives.EnsureLoaded();
}
