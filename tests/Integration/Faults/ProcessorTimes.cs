using System.Diagnostics;
using System.Globalization;
using FlexEdit.Tests.Integration.Local;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>The processor time that a deployment's processes spend from now on, by service. A server's children count with it: PostgreSQL has one for every session, a gateway its decoders.</summary>
internal sealed class ProcessorTimes
{
    private static readonly string[] s_names = ["storage", "understanding", "generation", "gateway", "balancer", "postgres", "rabbitmq", "ceph"];
    private readonly LocalDeployment _local;
    private readonly Func<IEnumerable<(string Name, int Pid)>> _beside;
    private readonly Dictionary<int, TimeSpan> _before;

    /// <param name="local">The deployment.</param>
    /// <param name="beside">Services that a test runs beside it; those that have ended since are not counted.</param>
    public ProcessorTimes(LocalDeployment local, Func<IEnumerable<(string Name, int Pid)>>? beside = null)
    {
        (_local, _beside) = (local, beside ?? (() => []));
        _before = Processes().DistinctBy(process => process.Pid).ToDictionary(process => process.Pid, process => CpuOf(process.Pid));
    }

    /// <summary>Prints what each service spent on each of <paramref name="count"/> things within <paramref name="time"/>.</summary>
    public void Say(int count, TimeSpan time)
    {
        Console.WriteLine($"Processor time of each, on {Environment.ProcessorCount} processors:");
        foreach (var group in Processes().GroupBy(process => Array.Find(s_names, name => process.Name.StartsWith(name, StringComparison.Ordinal)) ?? "other"))
        {
            var spent = group.Sum(process => (CpuOf(process.Pid) - _before.GetValueOrDefault(process.Pid)).TotalMilliseconds);
            Console.WriteLine(FormattableString.Invariant($"  {group.Key,-14}{spent / count,8:0.00} ms   {spent / time.TotalMilliseconds / Environment.ProcessorCount,6:0 %} of the machine"));
        }
    }

    private List<(string Name, int Pid)> Processes()
    {
        var children = Process.GetProcesses().Select(process => (process.Id, Parent: ParentOf(process.Id))).Where(pair => pair.Parent is not null).ToLookup(pair => pair.Parent!.Value, pair => pair.Id);
        return
        [
            .. _local.Names.Where(name => _local.PidOf(name) is not null).Select(name => (Name: name, Pid: _local.PidOf(name)!.Value)).Concat(_beside())
                .SelectMany(process => Family(process.Pid).Select(pid => (process.Name, pid))),
        ];

        IEnumerable<int> Family(int pid) => children[pid].SelectMany(Family).Prepend(pid);
    }

    private static int? ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TimeSpan CpuOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.TotalProcessorTime;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }
}
