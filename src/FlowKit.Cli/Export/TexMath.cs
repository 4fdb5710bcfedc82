using System.Net;
using Jint;

namespace FlowKit.Cli;

/// <summary>Formulas from TeX to MathML, set by Temml.</summary>
internal static class TexMath
{
    // A formula nested without end must end itself and not the process: each call of the script takes some of the thread's stack.
    private const int MostCalls = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Lazy<Engine> Temml = new(() => new Engine(options => options.LimitRecursion(MostCalls).TimeoutInterval(Patience)).Execute(EmbeddedText.Read("temml.min.js")));

    /// <summary>The formula as a math element. A formula that cannot be typeset is shown as it was written, with the error as its tooltip.</summary>
    /// <param name="tex">Without its dollars.</param>
    /// <param name="isDisplay">Whether it is displayed on lines of its own.</param>
    public static string ToMathMl(string tex, bool isDisplay)
    {
        lock (Temml)
        {
            try
            {
                return Temml.Value.SetValue("tex", tex).SetValue("display", isDisplay)
                    .Evaluate("temml.renderToString(tex, { displayMode: display, throwOnError: true })").AsString();
            }
            catch (Exception error) when (error is JintException or TimeoutException)
            {
                return $"<code class=\"tex\" title=\"{WebUtility.HtmlEncode(error.Message)}\">{WebUtility.HtmlEncode(tex)}</code>";
            }
        }
    }
}
