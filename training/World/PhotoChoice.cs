using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>Photographs to draw from: what cameras took more often than drawings, of which there are more.</summary>
internal sealed class PhotoChoice
{
    private const double TakenShare = 0.7;
    private readonly WorldPhoto[] _taken, _drawn;

    public PhotoChoice(IEnumerable<WorldPhoto> photos)
    {
        var all = photos.ToLookup(p => p.Drawn);
        (_taken, _drawn) = ([.. all[false]], [.. all[true]]);
        if (_taken.Length + _drawn.Length == 0)
            throw new InvalidDataException("This part of the world has no photographs. Run training/assets/fetch again.");
    }

    public WorldPhoto Pick(SeededRandom random)
    {
        var taken = random.Chance(TakenShare) ? _taken.Length > 0 : _drawn.Length == 0;
        return random.Pick(taken ? _taken : _drawn);
    }
}
