using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace FlexEdit.Platform.Children;

/// <summary>How a child process is started: this very program with a verb of <see cref="ChildLoop"/>.</summary>
/// <param name="Program">Path of the executable.</param>
/// <param name="Arguments">What comes before the verb: the assembly where <c>dotnet</c> runs it.</param>
public sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>What a child needs of its parent's environment; settings and secrets are not among it.</summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64", "LD_LIBRARY_PATH"];

    /// <summary>The program that runs now, whether by its own executable or by <c>dotnet X.dll</c>.</summary>
    public static ChildCommand OfThisProcess()
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say which program this is.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new(program, [(Assembly.GetEntryAssembly() ?? throw new InvalidOperationException("There is no entry assembly.")).Location])
            : new(program, []);
    }

    /// <summary>What to hand to the operating system.</summary>
    /// <param name="verb">What the child is to do.</param>
    /// <param name="memoryMegabytes">How much memory it may use for data, MiB.</param>
    public ProcessStartInfo ToStartInfo(string verb, int memoryMegabytes)
    {
        var start = new ProcessStartInfo(Program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in Arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(memoryMegabytes.ToString(CultureInfo.InvariantCulture));
        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                start.Environment[name] = value;
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = (memoryMegabytes * 1024L * 1024L).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["VIPS_CONCURRENCY"] = "1";
        return start;
    }
}
