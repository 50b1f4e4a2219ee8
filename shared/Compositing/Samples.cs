namespace FlexEdit.Compositing;

/// <summary>What the parts of compositing do with single samples.</summary>
internal static class Samples
{
    /// <summary>8-bit samples as numbers from 0 to 255.</summary>
    public static float[] Of(ReadOnlySpan<byte> bytes)
    {
        var samples = new float[bytes.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = bytes[i];
        return samples;
    }

    /// <summary>0 up to 0, 1 from 1 on, and a smooth rise (3t² − 2t³) between them.</summary>
    public static float Smoothstep(float t)
    {
        t = Math.Clamp(t, 0, 1);
        return t * t * (3 - (2 * t));
    }
}
