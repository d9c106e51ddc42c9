using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Git;
using HomelabOps.Core.GitOps.Yaml;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Homelab;

/// <summary>The Git repository of the homelab: a bare remote, and a clone of it for its owner. Disposing of it deletes both.</summary>
internal sealed class HomelabRepository : IDisposable
{
    public const string Branch = "main";

    private const string OwnerName = "Homelab Owner";
    private const string OwnerMail = "owner@" + HomelabPlan.Domain;

    private const string FluxFolder = HomelabManifests.Root + "/flux-system/";
    private static readonly DateTimeOffset FirstCommit = new(2026, 1, 3, 10, 12, 0, TimeSpan.FromHours(1));

    private readonly string _folder;
    private readonly SortedDictionary<string, string> _files;

    private HomelabRepository(string folder, HomelabManifests manifests)
    {
        _folder = folder;
        RemotePath = Path.Combine(folder, "homelab.git");
        ClonePath = Path.Combine(folder, "homelab");
        _files = new(StringComparer.Ordinal);
        Head = WriteRemote(manifests);
        Repository.Clone(RemotePath, ClonePath);
        using var clone = new Repository(ClonePath);
        if (clone.Config.Get<string>("user.name") is null || clone.Config.Get<string>("user.email") is null)
        {
            // Who has never set up git can commit here all the same.
            clone.Config.Set("user.name", OwnerName);
            clone.Config.Set("user.email", OwnerMail);
        }
    }

    /// <summary>The bare repository, which Flux reads and the clone pushes to.</summary>
    public string RemotePath { get; }

    /// <summary>The working copy. Its origin is <see cref="RemotePath"/>.</summary>
    public string ClonePath { get; }

    /// <summary>What the live GitRepository names as its address.</summary>
    public Uri Url => new(RemotePath);

    /// <summary>The commit that the branch was at when it was made. The same for the same plan, wherever the folder is.</summary>
    public string Head { get; }

    /// <summary>The commit that the remote's branch is at now.</summary>
    public string Tip()
    {
        using var repository = new Repository(RemotePath);
        return repository.Branches[Branch].Tip.Sha;
    }

    /// <summary>Writes the repository.</summary>
    /// <param name="folder">Where; made if need be, and deleted with all that is in it in the end.</param>
    /// <param name="plan">What for.</param>
    public static HomelabRepository Create(string folder, HomelabPlan plan)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new HomelabRepository(Path.GetFullPath(folder), new HomelabManifests(plan));
        }
        catch
        {
            RuntimeFolder.Delete(folder);
            throw;
        }
    }

    /// <summary>
    /// What installs Flux: the objects of its folder. The GitRepository reads the remote as a file and so needs no Secret, where the
    /// manifest, which is the same wherever the remote lies, has an address of the home network.
    /// </summary>
    public IReadOnlyList<JsonObject> FluxObjects()
    {
        var objects = _files.Where(file => file.Key.StartsWith(FluxFolder, StringComparison.Ordinal) && !file.Key.EndsWith(Kustomizations.FileName, StringComparison.Ordinal))
            .SelectMany(file => ManifestReader.Read(file.Key, file.Value)).Select(manifest => manifest.Content).ToArray();
        var spec = objects.Single(item => (string?)item["kind"] == "GitRepository")["spec"]!.AsObject();
        spec["url"] = Url.AbsoluteUri;
        spec.Remove("secretRef");
        return objects;
    }

    /// <inheritdoc/>
    public void Dispose() => RuntimeFolder.Delete(_folder);

    private string WriteRemote(HomelabManifests manifests)
    {
        Repository.Init(RemotePath, isBare: true);
        using var repository = new Repository(RemotePath);
        var objects = new MemoryObjects();
        repository.ObjectDatabase.AddBackend(objects, priority: 5);
        var tree = new TreeDefinition();
        Commit? head = null;
        var time = FirstCommit;
        foreach (var (message, files) in manifests.History())
        {
            foreach (var (path, text) in files)
            {
                _files[path] = text;
                tree.Add(path, repository.ObjectDatabase.Write<Blob>(Encoding.UTF8.GetBytes(text)), Mode.NonExecutableFile);
            }

            var author = new Signature(OwnerName, OwnerMail, time);
            head = repository.ObjectDatabase.CreateCommit(author, author, message + "\n", repository.ObjectDatabase.CreateTree(tree), head is null ? [] : [head], prettifyMessage: false);
            time = time.AddHours(29).AddMinutes(17);
        }

        repository.ObjectDatabase.Pack(new PackBuilderOptions(Path.Combine(RemotePath, "objects", "pack")) { MaximumNumberOfThreads = 1 }, pack =>
        {
            foreach (var id in objects.Ids)
            {
                pack.Add(id);
            }
        });
        repository.Refs.Add($"refs/heads/{Branch}", head!.Id);
        repository.Refs.UpdateTarget("HEAD", $"refs/heads/{Branch}");
        return head.Sha;
    }
}
