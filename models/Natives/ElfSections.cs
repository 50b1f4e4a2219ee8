using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Models.Natives;

/// <summary>Where a section's bytes are in the file.</summary>
internal readonly record struct ElfSection(string Name, int Offset, int Size);

/// <summary>The section table of a little-endian 64-bit ELF file.</summary>
internal sealed class ElfSections(IReadOnlyList<ElfSection> all)
{
    public static ElfSections Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
            throw new BadImageFormatException("Not a little-endian 64-bit ELF file.");
        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[40..]));
        var entrySize = BinaryPrimitives.ReadUInt16LittleEndian(image[58..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image[60..]);
        var namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(image[62..]);
        var raw = new List<(uint Name, int Offset, int Size)>(count);
        for (var i = 0; i < count; i++)
        {
            var entry = image.Slice(table + (i * entrySize), entrySize);
            raw.Add((BinaryPrimitives.ReadUInt32LittleEndian(entry),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(entry[24..])),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]))));
        }
        var sections = new List<ElfSection>(count);
        foreach (var (name, offset, size) in raw)
        {
            var text = image[(raw[namesIndex].Offset + (int)name)..];
            sections.Add(new ElfSection(Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]), offset, size));
        }
        return new ElfSections(sections);
    }

    public ElfSection Find(string name)
    {
        foreach (var section in all)
        {
            if (section.Name == name)
                return section;
        }
        throw new BadImageFormatException($"The library has no section {name}.");
    }
}
