namespace HomelabOps.Sandbox.Controllers.Nodes.World;

/// <summary>
/// What the registries of the world have. Every image with a well-formed reference is there, but where the tags of its repository
/// are told, and where a fault is switched on. Safe for use by several threads.
/// </summary>
internal sealed class ImageRegistry(Action changed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImageFault> _faults = new(StringComparer.Ordinal);

    /// <summary>Says which tags a repository has; others are not found there.</summary>
    /// <param name="repository">As in a manifest, without a tag.</param>
    /// <param name="tags">All of them; more can be added later.</param>
    public void AddTags(string repository, params IEnumerable<string> tags)
    {
        lock (_lock)
        {
            var key = ImageReference.Parse(repository)?.Repository ?? repository;
            if (!_tags.TryGetValue(key, out var present))
            {
                _tags[key] = present = new(StringComparer.Ordinal);
            }

            present.UnionWith(tags);
        }

        changed();
    }

    /// <summary>Switches a fault on, or off with <see cref="ImageFault.None"/>.</summary>
    /// <param name="place">An image with its tag, a repository, or a registry's host.</param>
    /// <param name="fault">What is wrong.</param>
    public void Set(string place, ImageFault fault)
    {
        lock (_lock)
        {
            var key = Key(place);
            if (fault == ImageFault.None)
            {
                _faults.Remove(key);
            }
            else
            {
                _faults[key] = fault;
            }
        }

        changed();
    }

    /// <summary>What the registry says when asked for an image.</summary>
    public ImageFault Ask(ImageReference image)
    {
        lock (_lock)
        {
            foreach (var place in (ReadOnlySpan<string>)[image.Full, image.Repository, image.Host])
            {
                if (_faults.TryGetValue(place, out var fault))
                {
                    return fault;
                }
            }

            return image.Digest is null && _tags.TryGetValue(image.Repository, out var tags) && !tags.Contains(image.Tag) ? ImageFault.NotFound : ImageFault.None;
        }
    }

    private static string Key(string place)
    {
        // A host alone has a dot or a port and no path.
        if (!place.Contains('/', StringComparison.Ordinal) && place.Contains('.', StringComparison.Ordinal) && !place.Contains(':', StringComparison.Ordinal))
        {
            return place;
        }

        var image = ImageReference.Parse(place);
        var named = place[(place.LastIndexOf('/') + 1)..];
        return image is null ? place : named.AsSpan().IndexOfAny(':', '@') < 0 ? image.Repository : image.Full;
    }
}
