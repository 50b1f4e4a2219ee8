using System.Numerics;

namespace FlexEdit.Masks;

/// <summary>
/// A small random generator whose numbers depend on its seed alone, on every machine and every version of .NET
/// (SplitMix64; Steele, Lea and Flood 2014).
/// </summary>
public sealed class SeededRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>A generator for one seed.</summary>
    public SeededRandom(ulong seed) => _state = seed;

    /// <summary>A generator for item <paramref name="index"/> of the series <paramref name="seed"/>.</summary>
    public SeededRandom(ulong seed, ulong index)
        : this(Mix(seed + Golden) ^ BitOperations.RotateLeft(Mix(index ^ Golden), 17))
    {
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + (NextDouble() * (high - low));

    /// <summary>Uniform in 0 … <paramref name="count"/>-1.</summary>
    public int Next(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)(((NextBits() >> 32) * (ulong)count) >> 32);
    }

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>
    /// Nearly normal with mean 0 and deviation 1: the sum of twelve uniform numbers less six, which unlike the
    /// usual formulas needs no logarithm, whose last bit differs between machines.
    /// </summary>
    public double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += NextDouble();
        return sum;
    }

    /// <summary>One of the items, each as likely as another.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
