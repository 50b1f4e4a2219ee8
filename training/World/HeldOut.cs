using System.Security.Cryptography;
using System.Text;

namespace FlexEdit.Training.World;

/// <summary>
/// What is never trained on: a tenth of the objects and an eighth of the photographs, by a hash of the name, so that the
/// split is the same in every run and on every machine, and a picture added later moves no other.
/// </summary>
public static class HeldOut
{
    /// <summary>Photographs that <c>samples/</c> are cut from.</summary>
    private static readonly string[] Samples =
    [
        "lomiri-wallpapers-16.04--picosdeeuropa_by_Aitzol_Berasategi", "lomiri-wallpapers-16.04--aitzgorri_by_Aitzol_Berasategi",
        "lomiri-wallpapers-16.04--seeding_by_Clements_Engelhardt",
    ];

    /// <summary>Whether an object is held out.</summary>
    /// <param name="name">Its name in the language that FSMI-Edit-Mini was made with, or its Unicode name.</param>
    public static bool Object(string name) => Share("object " + name, 10);

    /// <summary>Whether a photograph is held out; the light and the dark version of one go together.</summary>
    /// <param name="file">Its file's name.</param>
    public static bool Photograph(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (name.EndsWith("-d", StringComparison.Ordinal) || name.EndsWith("-l", StringComparison.Ordinal))
            name = name[..^2];
        return Samples.Contains(name) || Share("photograph " + name, 8);
    }

    /// <summary>Whether a name falls into a fixed share, one in <paramref name="parts"/>, of all names.</summary>
    internal static bool Share(string name, int parts) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[0] % parts == 0;
}
