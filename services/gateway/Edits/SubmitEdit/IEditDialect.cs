using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The words in which a door of the API asks for an edit. One is made for each request, and may remember what it has met.</summary>
internal interface IEditDialect
{
    /// <summary>What a field is; asked once for every field, in their order.</summary>
    /// <exception cref="ProblemException">There is no such field.</exception>
    FieldUse UseOf(string name);

    /// <summary>Puts in what the door means by saying nothing, once the body has been read and before any picture is opened.</summary>
    /// <exception cref="ProblemException">What is wrong with fields that only this door has.</exception>
    void Complete(EditFields fields);

    /// <summary>Looks at the scene's upright size in pixels before anything is stored.</summary>
    /// <exception cref="ProblemException">It is not what the request says.</exception>
    void CheckScene(int width, int height);

    /// <summary>What is kept of the door with the edit, once everything else has been read; null where the door needs nothing.</summary>
    EditDoor? Door => null;
}

/// <summary>The words of <c>POST /v1/edits</c>.</summary>
internal sealed class NativeDialect : IEditDialect
{
    public FieldUse UseOf(string name) => FieldNames.UseOf(name);

    public void Complete(EditFields fields)
    {
    }

    public void CheckScene(int width, int height)
    {
    }
}
