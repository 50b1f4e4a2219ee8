using System.Runtime.InteropServices;

namespace FlexEdit.Platform.Children;

/// <summary>
/// Limits this process's own data memory (<c>RLIMIT_DATA</c>: heap and private writable mappings, since Linux 4.7).
/// The address space itself cannot be limited, because .NET reserves far more of it than it uses.
/// Beyond the limit an allocation fails, and at worst the process ends: the parent expects that.
/// </summary>
internal static partial class MemoryLimit
{
    private const int Data = 2;

    /// <summary>Sets the limit; where the system has none, the parent's time limit has to do.</summary>
    public static void Set(long megabytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var bytes = (nuint)megabytes * 1024 * 1024;
        var limit = new Limit { Soft = bytes, Hard = bytes };
        if (SetLimit(Data, in limit) != 0)
            throw new InvalidOperationException($"The memory limit could not be set (errno {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
