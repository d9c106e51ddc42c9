using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Tests.GitOps;

/// <summary>The expressions of Flux' postBuild, by the functions that its documentation names.</summary>
public sealed class SubstitutionTests
{
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["app"] = "sonarr", ["mixed"] = "SonARR", ["path"] = "/data/media/tv", ["file"] = "backup.tar.gz", ["empty"] = "", ["port"] = "8989",
        ["list"] = "a,b,a", ["utf"] = "äö", ["_x1"] = "under", ["quoted"] = "a\"b",
    };

    [Theory]
    [InlineData("no expression at all", "no expression at all")]
    [InlineData("${app}", "sonarr")]
    [InlineData("a-${app}-b:${port}", "a-sonarr-b:8989")]
    [InlineData("${_x1}", "under")]
    [InlineData("$app", "$app")]
    [InlineData("$(app)", "$(app)")]
    [InlineData("5$", "5$")]
    [InlineData("${none}", "")]
    [InlineData("${none:=fallback}", "fallback")]
    [InlineData("${none:-fallback}", "fallback")]
    [InlineData("${none=fallback}", "fallback")]
    [InlineData("${app:=fallback}", "sonarr")]
    [InlineData("${empty:=fallback}", "fallback")]
    [InlineData("${empty:-}", "")]
    [InlineData("${none:=${app}}", "sonarr")]
    [InlineData("${none:=pre-${app}-post}", "pre-sonarr-post")]
    [InlineData("${none:=${other:=deep}}", "deep")]
    [InlineData("${none:=a: b, c}", "a: b, c")]
    [InlineData("${app:+set}", "sonarr")]
    [InlineData("$${app}", "${app}")]
    [InlineData("$$", "$")]
    [InlineData("$${app} ${app} $${none:=x}", "${app} sonarr ${none:=x}")]
    [InlineData("$$$${app}", "$${app}")]
    [InlineData("${#app}", "6")]
    [InlineData("${#none}", "0")]
    [InlineData("${#utf}", "4")]
    [InlineData("${app^}", "Sonarr")]
    [InlineData("${app^^}", "SONARR")]
    [InlineData("${mixed,}", "sonARR")]
    [InlineData("${mixed,,}", "sonarr")]
    [InlineData("${empty^}", "")]
    [InlineData("${app:0:3}", "son")]
    [InlineData("${app:3}", "arr")]
    [InlineData("${app:3:99}", "arr")]
    [InlineData("${app:9}", "")]
    [InlineData("${app:x}", "sonarr")]
    [InlineData("${app:0:x}", "sonarr")]
    [InlineData("${app: -3}", "sonarr")]
    [InlineData("${path/media/films}", "/data/films/tv")]
    [InlineData("${list/a/x}", "x,b,a")]
    [InlineData("${list//a/x}", "x,b,x")]
    [InlineData("${list//,/}", "aba")]
    [InlineData("${list/#a/x}", "x,b,a")]
    [InlineData("${list/%a/x}", "a,b,x")]
    [InlineData("${path//\\//-}", "-data-media-tv")]
    [InlineData("${path/none/x}", "/data/media/tv")]
    [InlineData("${app/${empty:-sonarr}/x}", "x")]
    [InlineData("${file#*.}", "tar.gz")]
    [InlineData("${file##*.}", "gz")]
    [InlineData("${file%.*}", "backup.tar")]
    [InlineData("${file%%.*}", "backup")]
    [InlineData("${path##*/}", "tv")]
    [InlineData("${path%/tv}", "/data/media")]
    [InlineData("${file#back?p}", ".tar.gz")]
    [InlineData("${file#[a-c]*u}", "p.tar.gz")]
    [InlineData("${file#none}", "backup.tar.gz")]
    public void An_expression_gives(string text, string expected) => Assert.Equal(expected, Evaluate(text));

    [Theory]
    [InlineData("${", "valid expression")]
    [InlineData("${}", "valid expression")]
    [InlineData("${app", "'}' is missing")]
    [InlineData("${app-default}", "'}' is missing")]
    [InlineData("${app.name}", "'}' is missing")]
    [InlineData("${ app }", "valid expression")]
    [InlineData("${app:=never closed", "valid expression")]
    [InlineData("${app/x}", "valid expression")]
    [InlineData("${app:}", "valid expression")]
    [InlineData("${app#}", "valid expression")]
    [InlineData("${app:0:-1}", "valid expression")]
    [InlineData("${-}", "valid expression")]
    public void A_malformed_expression_is_an_error(string text, string expected)
    {
        var error = Assert.Throws<HomelabException>(() => Evaluate(text));
        Assert.Equal("SubstitutionFailed", error.Id);
        Assert.Contains("Deployment/sonarr", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${none}")]
    [InlineData("${#none}")]
    [InlineData("${none^^}")]
    [InlineData("${none/a/b}")]
    [InlineData("${none:1}")]
    [InlineData("${none#a}")]
    [InlineData("${app:=${none}}")]
    public void Strictly_a_variable_without_value_is_an_error(string text) =>
        Assert.Contains("variable not set (strict mode): 'none'", Assert.Throws<HomelabException>(() => Evaluate(text, isStrict: true)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("${none:=x}", "x")]
    [InlineData("${none:-x}", "x")]
    [InlineData("${none=x}", "x")]
    [InlineData("${empty}", "")]
    [InlineData("$${none}", "${none}")]
    public void Strictly_a_default_suffices(string text, string expected) => Assert.Equal(expected, Evaluate(text, isStrict: true));

    private static string Evaluate(string text, bool isStrict = false) => VariableExpression.Evaluate(text, "Deployment/sonarr", Values.GetValueOrDefault, isStrict);
}
