using HomelabOps.Sandbox.Homelab;

namespace HomelabOps.Sandbox.Tests.Homelab;

public sealed class TemplateTests
{
    private static readonly Dictionary<string, string> Values = new() { ["APP"] = "sonarr", ["LINES"] = "a: 1\nb:\n  - 2\n", ["NONE"] = "" };

    [Theory]
    [InlineData("name: ${APP}\n", "name: sonarr\n")]
    [InlineData("name: pv-${APP}-${APP}-x\n", "name: pv-sonarr-sonarr-x\n")]
    [InlineData("name: [${NONE}]\n", "name: []\n")]
    [InlineData("no places, $(ARGUMENT) and $HOME\n", "no places, $(ARGUMENT) and $HOME\n")]
    [InlineData("a\n\n${APP}\n\nb\n", "a\n\nsonarr\n\nb\n")]
    [InlineData("spec:\n  ${LINES}\n  c: 3\n", "spec:\n  a: 1\n  b:\n    - 2\n  c: 3\n")]
    [InlineData("spec:\n  ${NONE}\n  c: 3\n", "spec:\n  c: 3\n")]
    public void Places_are_filled(string template, string expected) => Assert.Equal(expected, Template.Fill(template, Values));

    [Theory]
    [InlineData("name: ${OTHER}\n")]
    [InlineData("${OTHER}\n")]
    [InlineData("name: ${APP\n")]
    [InlineData("name: x${LINES}\n")]
    public void What_cannot_be_filled_is_an_error(string template) => Assert.Throws<InvalidOperationException>(() => Template.Fill(template, Values));
}
