using System.Text.RegularExpressions;

namespace HomelabOps.Core.GitOps.Effective;

/// <summary>Images as people type them.</summary>
internal static partial class TypedImage
{
    /// <summary>An image with a tag or digest; without a name it is <c>:tag</c> of another one.</summary>
    /// <exception cref="HomelabException">ImageInvalid, ImageTagRequired.</exception>
    public static ImageReference Read(string image)
    {
        if (!Form().IsMatch(image))
        {
            throw Errors.ImageInvalid(image);
        }

        var read = ImageReference.Parse(image);
        return read.Tag.Length > 0 || read.Digest.Length > 0 ? read : throw Errors.ImageTagRequired(image);
    }

    // As registries take them: only the host may have capitals.
    [GeneratedRegex(@"^(([a-zA-Z0-9][a-zA-Z0-9._-]*(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[a-z0-9]+:[0-9a-fA-F]{32,})?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
