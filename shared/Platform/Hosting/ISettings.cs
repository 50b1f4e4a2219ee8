namespace FlexEdit.Platform.Hosting;

/// <summary>A section of the configuration that can say what is wrong with it.</summary>
public interface ISettings
{
    /// <summary>Every fault, one sentence each that names the setting and says what to set. Empty when all is well.</summary>
    IEnumerable<string> Faults();
}
