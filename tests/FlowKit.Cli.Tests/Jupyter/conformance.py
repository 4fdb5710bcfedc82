"""The samples that jupyter_kernel_test, an independent suite of what a kernel must do, asks of a kernel for C#."""
import unittest

import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = "flowkit-under-test"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world")'
    code_stderr = 'Console.Error.WriteLine("oops")'
    completion_samples = [{"text": "Math.Sqr", "matches": {"Sqrt"}}, {"text": "int number = 1; numbe", "matches": {"number"}}]
    complete_code_samples = ["1 + 1", "int x = 3;", "void F() { }", "var s = \"a\";"]
    incomplete_code_samples = ["void F() {", "if (true) {", "Math.Sqrt("]
    invalid_code_samples = ["int = = 3;", "}"]
    code_generate_error = 'throw new Exception("boom");'
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": '"a" + "b"', "result": "ab"}]
    code_display_data = [{"code": 'display(HTML("<b>x</b>"));', "mime": "text/html"}]
    code_history_pattern = "6 *"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.Sqrt"


if __name__ == "__main__":
    unittest.main()
