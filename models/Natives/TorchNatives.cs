using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FlexEdit.Models.Natives;

/// <summary>
/// Loads libtorch once per process, from one folder on the machine: <c>torch/</c> beside a published program,
/// the folder named by <c>FLEXEDIT_TORCH</c>, or the package folder that this assembly was built against.
/// On systems whose C++ library is older than the one TorchSharp was linked with (Debian 12), a mended copy of
/// TorchSharp's own small library is loaded instead; see <see cref="GlibcxxPatch"/>.
/// </summary>
public static class TorchNatives
{
    private static readonly Lock Gate = new();
    private static bool s_loaded;

    // The natives must be there before the first use of any network; no caller should have to know.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnModuleLoad()
    {
        if (OperatingSystem.IsLinux())
            EnsureLoaded();
    }

    /// <summary>Loads the libraries if this process has not done so, and sets the number of compute threads.</summary>
    /// <exception cref="DllNotFoundException">The folder does not hold libtorch; the message says what to do.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (s_loaded)
                return;
            if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
                throw new DllNotFoundException("FlexEdit's models run on 64-bit x86 Linux; this system is not supported.");
            var (torchSharp, libTorch) = FindFolders();
            foreach (var name in (string[])["libgomp-98b21ff3.so.1", "libc10.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"])
            {
                var path = Path.Combine(libTorch, name);
                if (File.Exists(path))
                    NativeLibrary.Load(path);
            }
            NativeLibrary.Load(GlibcxxPatch.ForThisSystem(Path.Combine(torchSharp, "libLibTorchSharp.so")));
            s_loaded = true;
        }
    }

    /// <summary>Sets libtorch's threads to what the process may use (cgroup limits included), or to <paramref name="threads"/>.</summary>
    public static void UseThreads(int? threads = null) =>
        torch.set_num_threads(Math.Max(1, threads ?? Environment.ProcessorCount));

    private static (string TorchSharp, string LibTorch) FindFolders()
    {
        var tried = new List<string>();
        foreach (var folder in (string?[])[Environment.GetEnvironmentVariable("FLEXEDIT_TORCH"), Path.Combine(AppContext.BaseDirectory, "torch"), Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")])
        {
            if (string.IsNullOrEmpty(folder))
                continue;
            if (File.Exists(Path.Combine(folder, "libtorch_cpu.so")))
                return (folder, folder);
            tried.Add(folder);
        }
        var metadata = typeof(TorchNatives).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .ToDictionary(a => a.Key, a => a.Value ?? "", StringComparer.Ordinal);
        var torchSharp = metadata.GetValueOrDefault("TorchSharpNatives", "");
        var libTorch = metadata.GetValueOrDefault("LibTorchNatives", "");
        if (File.Exists(Path.Combine(libTorch, "libtorch_cpu.so")) && File.Exists(Path.Combine(torchSharp, "libLibTorchSharp.so")))
            return (torchSharp, libTorch);
        tried.Add(libTorch);
        throw new DllNotFoundException(
            $"libtorch was not found in {string.Join(" or ", tried)}. Build again so that the packages are restored, or set FLEXEDIT_TORCH to the folder with libtorch_cpu.so and libLibTorchSharp.so.");
    }
}
