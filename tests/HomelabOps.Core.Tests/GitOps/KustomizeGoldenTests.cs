namespace HomelabOps.Core.Tests.GitOps;

/// <summary>The build against what kustomize 5.5 made of the same folders.</summary>
public sealed class KustomizeGoldenTests
{
    // Rewrites the expected files instead of comparing, for use after a sample was added.
    private const string Rewrite = "HOMELABOPS_REWRITE_GOLDENS";

    public static TheoryData<string> Samples => [.. GitOpsSamples.Names];

    [Fact]
    public void There_are_enough_samples() => Assert.True(GitOpsSamples.Names.Count() >= 60);

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_build_gives_the_objects_of_kustomize_in_their_order(string sample)
    {
        var result = GitOpsSamples.Build(GitOpsSamples.FolderOf(sample), GitOpsSamples.Builds);
        GitOpsSamples.AssertSame(File.ReadAllText(Path.Combine(GitOpsSamples.Builds, sample, "expected.yaml")), result.Objects);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_expected_objects_are_those_of_the_kustomize_that_is_installed(string sample)
    {
        Assert.SkipWhen(GitOpsSamples.Kubectl is null, "There is no kubectl 1.31 or later on PATH to make the expected objects anew.");
        var (output, error) = GitOpsSamples.Kustomize(GitOpsSamples.FolderOf(sample));
        Assert.Null(error);
        var expected = Path.Combine(GitOpsSamples.Builds, sample, "expected.yaml");
        if (Environment.GetEnvironmentVariable(Rewrite) is { Length: > 0 })
        {
            File.WriteAllText(expected, output);
        }

        Assert.Equal(File.ReadAllText(expected).ReplaceLineEndings("\n"), output.ReplaceLineEndings("\n"));
    }
}
