using System.Runtime.CompilerServices;
using FlexEdit.Models.Natives;
using TorchSharp;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>
/// The cases' networks are so small that a second thread costs more than it gives, and on a busy machine every operation would wait for it;
/// tests run beside each other anyway.
/// </summary>
internal static class OneThread
{
#pragma warning disable CA2255 // The tests are a program, and this has to come before everything else in it.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnModuleLoad()
    {
        TorchNatives.EnsureLoaded();
        torch.set_num_threads(1);
    }
}
