using HomelabOps.Core.GitOps.Index;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.GitOps.Forest;

/// <summary>
/// Remembers what builds gave, for as long as the process lives. A build is a function of the Kustomization and of what it asked
/// of files and of sources of variables, so it is as before when all of that is answered as before.
/// </summary>
internal static class BuildMemory
{
    // Several large homelabs.
    private static readonly Generations<string, RememberedBuild> Known = new(1_000);

    /// <summary>Builds a Kustomization, unless it is known what comes out.</summary>
    /// <param name="kustomization">What tells the Kustomization from others: its text, and how its files are called in messages.</param>
    /// <param name="files">The files of its source.</param>
    /// <param name="variables">The values of a ConfigMap or Secret; null for one that is not there.</param>
    /// <param name="build">Builds it with the files and values that it is given.</param>
    public static RememberedBuild Get(string kustomization, IBuildFiles files, Variables variables, Func<IBuildFiles, Variables, RememberedBuild> build)
    {
        if (Known.Find(kustomization) is { } known && known.Inputs!.AreSame(files, variables))
        {
            return known;
        }

        var inputs = new BuildInputs();
        var result = build(inputs.Of(files), (kind, name) => inputs.Variables(kind, name, variables(kind, name))) with { Inputs = inputs };
        if (result.Failure is null && inputs.AreKnown)
        {
            Known.Keep(kustomization, result);
        }

        return result;
    }

    /// <summary>The values of a ConfigMap or Secret by kind and name; null for one that is not there.</summary>
    internal delegate IReadOnlyDictionary<string, string>? Variables(string kind, string name);
}
