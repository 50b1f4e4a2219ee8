using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Models.Natives;

/// <summary>
/// TorchSharp's library asks the C++ runtime for version GLIBCXX_3.4.32 because of a single symbol,
/// <c>std::ios_base_library_init()</c>, which only makes sure that the standard streams exist. Where the runtime is older
/// the reference is turned into the constructor that did the same job before, <c>std::ios_base::Init::Init()</c>,
/// and the version requirement is marked weak. Layout: System V ABI, "Dynamic Linking"; GNU symbol versioning (LSB 10.7).
/// </summary>
public static class GlibcxxPatch
{
    private const string NeededVersion = "GLIBCXX_3.4.32";
    private const string BaseVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>The library to load here: <paramref name="library"/> itself, or a mended copy of it in the user's cache.</summary>
    public static string ForThisSystem(string library)
    {
        if (RuntimeIsNewEnough())
            return library;
        var bytes = File.ReadAllBytes(library);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        var folder = Path.Combine(CacheFolder(), "flexedit", "torch-" + digest);
        var mended = Path.Combine(folder, Path.GetFileName(library));
        if (File.Exists(mended))
            return mended;
        Directory.CreateDirectory(folder);
        var partial = $"{mended}.{Environment.ProcessId}";
        File.WriteAllBytes(partial, Apply(bytes));
        File.Move(partial, mended, overwrite: true);
        return mended;
    }

    /// <summary>Returns the bytes of <paramref name="elf"/> with the reference replaced; unchanged where there is none. Idempotent.</summary>
    /// <exception cref="BadImageFormatException">Not a little-endian 64-bit ELF file.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> elf)
    {
        var image = elf.ToArray();
        var sections = ElfSections.Read(image);
        var strings = sections.Find(".dynstr");
        var symbols = sections.Find(".dynsym");
        var versions = sections.Find(".gnu.version");
        var requirements = sections.Find(".gnu.version_r");

        var name = IndexOfString(image.AsSpan(strings.Offset, strings.Size), NewSymbol);
        if (name < 0)
            return image;
        image.AsSpan(strings.Offset + name, NewSymbol.Length).Clear();
        Encoding.ASCII.GetBytes(OldSymbol, image.AsSpan(strings.Offset + name));

        var baseIndex = ReadRequirements(image, strings, requirements, weaken: NeededVersion).GetValueOrDefault(BaseVersion);
        if (baseIndex == 0)
            throw new BadImageFormatException($"The library does not ask for {BaseVersion}.");
        for (var i = 0; i < symbols.Size / 24; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(symbols.Offset + (i * 24))) == name)
                BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(versions.Offset + (i * 2)), baseIndex);
        }
        return image;
    }

    private static Dictionary<string, ushort> ReadRequirements(byte[] image, ElfSection strings, ElfSection section, string weaken)
    {
        const ushort weak = 2;
        var found = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var file = section.Offset;
        while (true)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(file + 2));
            var entry = file + (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(file + 8));
            for (var i = 0; i < count; i++)
            {
                var at = strings.Offset + (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(entry + 8));
                var length = image.AsSpan(at).IndexOf((byte)0);
                var version = Encoding.ASCII.GetString(image, at, length);
                found[version] = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(entry + 6));
                if (version == weaken)
                    BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(entry + 4), weak);
                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(entry + 12));
            }
            var next = (int)BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(file + 12));
            if (next == 0)
                return found;
            file += next;
        }
    }

    private static int IndexOfString(ReadOnlySpan<byte> table, string text)
    {
        var wanted = Encoding.ASCII.GetBytes(text + "\0");
        return table.IndexOf(wanted);
    }

    // The symbol itself tells the version: it came with GLIBCXX_3.4.32.
    private static bool RuntimeIsNewEnough()
    {
        if (!NativeLibrary.TryLoad("libstdc++.so.6", out var handle))
            return true; // the loader's own message is the clearer one
        var found = NativeLibrary.TryGetExport(handle, NewSymbol, out _);
        NativeLibrary.Free(handle);
        return found;
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
            cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        try
        {
            Directory.CreateDirectory(Path.Combine(cache, "flexedit"));
            return cache;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Path.GetTempPath();
        }
    }
}
