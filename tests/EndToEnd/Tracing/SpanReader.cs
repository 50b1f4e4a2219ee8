using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Tests.EndToEnd.Tracing;

/// <summary>What the tests look at of a span.</summary>
internal sealed record Span(string Trace, string Id, string Parent, string Name, ulong Start, ulong End, int Events);

/// <summary>Reads OTLP's protocol buffers (opentelemetry-proto, <c>ExportTraceServiceRequest</c>), as far as <see cref="Span"/> goes.</summary>
internal static class SpanReader
{
    /// <summary>All spans of a request.</summary>
    public static IEnumerable<Span> Read(byte[] request) =>
        from resource in Inside(request, 1)
        from scope in Inside(resource, 2)
        from span in Inside(scope, 2)
        select Of(span);

    private static Span Of(byte[] span)
    {
        var fields = Fields(span).ToLookup(field => field.Number, field => field.Value);
        return new Span(
            Convert.ToHexStringLower(fields[1].First()), Convert.ToHexStringLower(fields[2].First()), Convert.ToHexStringLower(fields[4].FirstOrDefault() ?? []),
            Encoding.UTF8.GetString(fields[5].First()),
            BinaryPrimitives.ReadUInt64LittleEndian(fields[7].First()), BinaryPrimitives.ReadUInt64LittleEndian(fields[8].First()), fields[11].Count());
    }

    private static IEnumerable<byte[]> Inside(byte[] message, int number) => Fields(message).Where(field => field.Number == number).Select(field => field.Value);

    private static IEnumerable<(int Number, byte[] Value)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            var size = (key & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                _ => throw new FormatException("No protocol buffer."),
            };
            if ((key & 7) == 0)
                _ = Varint(message, ref at);
            yield return ((int)(key >> 3), message[at..(at + size)]);
            at += size;
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }
}
