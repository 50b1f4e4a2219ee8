using System.Runtime.InteropServices;

namespace FlexEdit.Platform.Objects;

/// <summary>
/// Makes the entries of a directory durable. Renaming a synced file into a directory survives a power cut only after the directory
/// itself is synced (fsync(2)); .NET cannot open directories, hence the system calls. Does nothing on systems other than Linux.
/// </summary>
internal static class DirectorySync
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY

    public static void Flush(string directory)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            return;
        var descriptor = Open(directory, ReadOnlyDirectory);
        if (descriptor < 0)
            throw new IOException($"Cannot open the directory for syncing (errno {Marshal.GetLastPInvokeError()}).");
        var failed = Sync(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
            throw new IOException($"Cannot sync the directory (errno {error}).");
    }

#pragma warning disable SYSLIB1054 // Generated marshalling would need unsafe code in the whole project.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
