"""Addresses of `records`."""

from django.urls import path

from paricha.records.pages import again, earlier, folding, searching, things, tip, tip_note, tips, versions

app_name = "records"
urlpatterns = [
    path("", tips.tips, name="tips"),
    path("search/", searching.search, name="search"),
    path("search/save/", searching.save, name="save_search"),
    path("search/<id16:saved>/", searching.saved, name="saved"),
    path("search/<id16:saved>/mute/", searching.mute, name="mute_search"),
    path("search/<id16:saved>/drop/", searching.drop, name="drop_search"),
    path("groups/", tips.groups, name="groups"),
    path("earlier/", earlier.earlier, name="earlier"),
    path("earlier/<id16:earlier>/", earlier.earlier_one, name="earlier-one"),
    path("group/<id16:group>/", things.group, name="group"),
    path("selector/<id16:selector>/", things.selector, name="selector"),
    path("tip/<id16:tip>/", tip.tip, name="tip"),
    path("tip/<id16:tip>/decide/", tip.decide, name="decide"),
    path("tip/<id16:tip>/alone/", folding.alone, name="alone"),
    path("tip/<id16:tip>/fold/", folding.fold, name="fold"),
    path("tip/<id16:tip>/family/", folding.family, name="family"),
    path("tip/<id16:tip>/version/<int:arrival>/", versions.version, name="version"),
    path("again/", again.all_again, name="all_again"),
    path("again/batch/<id16:batch>/", again.ask, name="read_anew"),
    path("again/<id16:reread_id>/", again.again, name="again"),
    path("again/<id16:reread_id>/count/", again.count, name="count_again"),
    path("again/<id16:reread_id>/leave/", again.leave, name="leave_again"),
    path("tip/<id16:tip>/note/", tip_note.note, name="note"),
]
