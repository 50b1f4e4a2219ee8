using System.Text;
using System.Xml;

namespace FlexEdit.Imaging.Provenance;

/// <summary>
/// An XMP packet (ISO 16684-1) that says how a picture came to be, in the words of the IPTC Photo Metadata Standard: a capture into which a trained
/// model painted. It holds nothing of what anybody sent.
/// </summary>
public static class ProvenancePacket
{
    /// <summary>IPTC's NewsCode for it: parts of the picture were made by a model (<c>cv.iptc.org/newscodes/digitalsourcetype</c>).</summary>
    public const string DigitalSourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string IptcExtension = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
    private const string DublinCore = "http://purl.org/dc/elements/1.1/";
    private const string Basic = "http://ns.adobe.com/xap/1.0/";

    // The standard's own constants; the first is a byte order mark.
    private const string Begin = "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
    private const string End = "\n<?xpacket end=\"r\"?>";

    /// <summary>The packet, UTF-8.</summary>
    /// <param name="tool">What made the picture.</param>
    /// <param name="model">Id of the model that painted.</param>
    /// <param name="edit">Id of the edit.</param>
    public static byte[] Of(string tool, string model, string edit)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("x", "xmpmeta", "adobe:ns:meta/");
            xml.WriteStartElement("rdf", "RDF", Rdf);
            xml.WriteStartElement("rdf", "Description", Rdf);
            xml.WriteAttributeString("rdf", "about", Rdf, "");
            xml.WriteElementString("Iptc4xmpExt", "DigitalSourceType", IptcExtension, DigitalSourceType);
            xml.WriteElementString("Iptc4xmpExt", "AISystemUsed", IptcExtension, model);
            xml.WriteElementString("xmp", "CreatorTool", Basic, tool);
            xml.WriteElementString("dc", "identifier", DublinCore, edit);
        }
        return Encoding.UTF8.GetBytes(Begin + text + End);
    }
}
