using FlexEdit.Platform.Hosting;

namespace FlexEdit.Gateway.Decoding;

/// <summary>Section <c>Decode</c>: the child processes that open pictures of strangers.</summary>
public sealed class DecodeOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Decode";

    /// <summary>Child processes kept warm; each opens one picture at a time.</summary>
    public int Workers { get; set; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Requests that may wait for a free child; more are told to come back.</summary>
    public int Waiting { get; set; } = 64;

    /// <summary>How long one picture may take before its child is killed.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much memory a child may use for data, MiB.</summary>
    public int MemoryMegabytes { get; set; } = 1536;

    /// <summary>Pictures after which a child is replaced.</summary>
    public int PicturesPerWorker { get; set; } = 500;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Workers is < 1 or > 256)
            yield return $"FLEXEDIT__Decode__Workers is {Workers}; set it between 1 and 256.";
        if (Waiting is < 0 or > 100_000)
            yield return $"FLEXEDIT__Decode__Waiting is {Waiting}; set it between 0 and 100000.";
        if (TimeLimit < TimeSpan.FromMilliseconds(10) || TimeLimit > TimeSpan.FromMinutes(10))
            yield return $"FLEXEDIT__Decode__TimeLimit is {TimeLimit}; set it between 00:00:00.010 and 00:10:00.";
        if (MemoryMegabytes is < 256 or > 65_536)
            yield return $"FLEXEDIT__Decode__MemoryMegabytes is {MemoryMegabytes}; set it between 256 and 65536.";
        if (PicturesPerWorker < 1)
            yield return $"FLEXEDIT__Decode__PicturesPerWorker is {PicturesPerWorker}; set it to 1 or more.";
    }
}
