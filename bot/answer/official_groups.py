"""Groups of words that exclude each other: who asks for one member does not ask for another. Data only.

Read by official_reading.py. Members are parted by a slash, words of one member mean the same; `_`
joins a phrase.
"""

from collections.abc import Mapping

EXCLUDING: Mapping[str, str] = {
    "extent": """
        minimum min least shortest smallest lowest at_least / maximum max most longest largest biggest
        highest limit at_most up_to cap / average avg typical typically on_average mean median usual
    """,
    "rank": """
        primary main core / secondary / tertiary accent / first / second / third
    """,
    "side": """
        internal internally in-house inhouse intranet / external externally outside public publicly
    """,
    "light": """
        dark darker black night / light lighter white bright / coloured multicolour full-colour
    """,
    "order": """
        before prior beforehand ahead_of / after afterwards following once / during
    """,
    "age": """
        old previous former outdated legacy earlier past last_year's / new newest brand-new / future
        upcoming next planned
    """,
    "cycle": """
        annual annually yearly per_year a_year each_year every_year twelve-month / monthly per_month
        a_month each_month every_month / weekly per_week a_week / daily per_day a_day / quarterly
        per_quarter / one-off one_time one-time once-only lifetime
    """,
    "length": """
        one-line one_line single-line single_line one-sentence one_sentence single-sentence single_sentence
        one-liner in_a_sentence short / long longer detailed full-length / one-paragraph one_paragraph
    """,
    "currency": """
        dollar dollars usd / pounds sterling gbp / francs chf / kroner / yen
    """,
    "form": """
        written in_writing in_written_form / verbal oral spoken verbally orally
    """,
    "direction": """
        import imports inbound incoming / export exports outbound outgoing
    """,
    "grow": """
        increase increases rise raise grow grew / decrease decreases reduce drop lower fell
    """,
    "going": """
        leave leaves leaving quit quits / stay stays remain remains / join joins joining
    """,
    "team_change": """
        hire hires hiring recruit join joins joining / fire fires dismiss leaving resign quit layoff
    """,
    "work_time": """
        full-time fulltime full_time / part-time parttime part_time / freelance temporary interim
    """,
    "shape": """
        horizontal landscape / vertical portrait stacked / square / round circular
    """,
    "edge": """
        top upper above / bottom lower_part below beneath underneath / left left-hand / right-hand
        right_side
    """,
    "payment": """
        free free_of_charge gratis complimentary / paid payable
    """,
    "net": """
        gross / net
    """,
    "uptime": """
        downtime outage outages / uptime availability
    """,
    "act": """
        write writes author authored draft drafts drafted / design designs designed draw / test tests
        tested testing / delete deletes deleted erase / return returns returned send_back / cancel cancels
        cancelled / pay pays paid_out paying pay_out paying_out payout / translate translates translated
        translation / print prints printed printing / archive archives archived / receive receives
        received recipients / encrypt encrypted encryption / access accessed / process processed
        processing / back_up backup backups / measure measured measurement / train trained training / sell
        sells sold selling
    """,
    "medium": """
        paper print printed in_print / screen screens digital digitally on-screen online web / email
        e-mail e-mails emails mail mailing newsletter newsletters / social social_media
        social_network social_networks social_channel social_channels social_copy tweet / linkedin /
        instagram / facebook / youtube / tiktok / video videos film clip / tv television / radio
        podcast podcasts / billboard billboards outdoor out-of-home / brochure brochures leaflet
        leaflets flyer flyers / poster posters / presentation presentations slide slides deck decks
        powerpoint / webinar webinars / event events conference conferences trade_show trade_shows
        fair booth stand / press_release press_releases / blog blogs blog_post blog_posts article
        articles / case_study case_studies customer_story customer_stories success_story /
        landing_page landing_pages / homepage home_page / pricing_page / advertisement ad ads advert
        adverts advertising advertisements / letter letters letterhead letterheads / business_card
        business_cards / merchandise merch t-shirt t-shirts swag / packaging / signage / chat
        whatsapp sms text_message / whitepaper white_paper ebook report reports / invoice invoices /
        quarterly_report annual_report / app_store / mobile phone phones smartphone / desktop
    """,
    "element": """
        logo logos / wordmark word_mark / icon icons favicon symbol / tagline taglines slogan strapline
        tag_line / color colour colors colours palette / typeface font fonts typography / photo photos
        picture pictures image images photography / illustration illustrations drawing drawings / headline
        headlines heading headings / body body_text body_copy running_text / caption captions / button
        buttons / chart charts graph graphs / banner banners / footer footers / quote quotes testimonial
        testimonials / boilerplate / call_to_action cta ctas / gradient gradients / animation animations /
        hashtag hashtags / emoji emojis / exclamation exclamation_mark exclamation_marks / comma commas /
        hyphen dash dashes / template templates / margin margins / border borders outline
    """,
    "topic": """
        price pricing cost costs prices priced expensive / security data_security safe safer safety
        protecting_data protect_data cybersecurity / privacy
        data_protection gdpr / customer_support support_team technical_support helpdesk customer_service
        service_desk / integration integrations connector connectors connect connects / implementation /
        performance latency / reporting analytics dashboards / feature features functionality capabilities
        / roadmap / accessibility wcag / usability ease_of_use user-friendly / migration migrate /
        scalability / compliance compliant / sustainability carbon climate co2 emissions /
        artificial_intelligence ai machine_learning / warranty warranties / training trainings courses /
        reliability uptime availability / customisation customization customizing / api apis / ownership
        investors funding / revenue turnover sales_figures / profit profits margin_figures / headcount
        number_of_employees staff_numbers workforce / awards award prizes / history founding / mission
        vision purpose / market_share / customer_numbers number_of_customers / discount discounts rebate
        rebates / refund refunds refunded money_back money-back reimburse / renewal renew renews /
        cancellation cancel cancels terminate termination / notice notice_period / liability indemnity /
        retention retained / budget budgets / target audience target_group target_audience / kpi kpis
        metrics / channel channels / seats users licences licenses seat / storage_space gigabytes /
        payment_terms payment_term / shipping
    """,
    "leave": """
        parental maternity paternity become_parents parents dad / sick sickness illness ill sick_leave /
        holiday holidays vacation vacations annual_leave pto / sabbatical sabbaticals / bereavement
        compassionate / overtime / jury / study_leave educational / unpaid
    """,
    "benefit": """
        pension pensions retirement / salary salaries wage wages / bonus bonuses / shares stock equity
        options / insurance health_insurance / gym fitness / lunch meal meals food / car company_car /
        laptop laptops computer / phone_allowance / parking / travel trip trips journey business_trip
        business_trips / training course courses / relocation / childcare
    """,
    "right": """
        trademark trademarks trade_mark / copyright copyrights / patent patents / nda non-disclosure
        confidentiality / cookie cookies / licence license licences licenses / warranty / terms_of_service
        terms_and_conditions / disclaimer disclaimers
    """,
    "audience": """
        employee employees staff colleague colleagues / contractor contractors freelancer freelancers /
        intern interns trainee trainees apprentices / manager managers leaders executives / customer
        customers client clients / partner partners reseller resellers distributor distributors / supplier
        suppliers vendor vendors / investor investors shareholders / journalist journalists press media
        reporter reporters / analyst analysts / developer developers engineers / student students pupils /
        school schools education educational / university universities academia / charity charities
        nonprofit nonprofits non-profit non-profits ngo ngos / hospital hospitals clinics / government
        governments public_sector authorities municipalities councils / enterprise enterprises
        large_companies corporates / small_business small_businesses smb smbs sme smes / mid-market
        midmarket mid-sized / startup startups start-up start-ups / candidate candidates applicants /
        consumer consumers households / child children kids minors / visitor visitors / speaker speakers /
        bank banks banking financial_services / insurer insurers / retailer retailers retail /
        manufacturer manufacturers manufacturing / healthcare health_care pharma / logistics transport /
        hospitality hotels restaurants / energy utilities / construction / agriculture farming farms /
        software_companies tech / finance_leaders cfos / it_leaders cios / competitor competitors rivals
    """,
    "who": """
        ceo chief_executive managing_director / cfo / cto / cmo / coo / founder founders / chair chairman
        chairwoman / legal legal_team lawyers counsel / sales sales_team sales_reps / marketing
        marketing_team / brand_team / hr human_resources people_team / procurement
    """,
    "place": """
        germany german germans deutschland / austria austrian / switzerland swiss / france french / spain
        spanish / portugal portuguese / italy italian / netherlands dutch holland / belgium belgian
        flemish / luxembourg / uk united_kingdom britain british great_britain england english / scotland
        scottish / ireland irish / denmark danish / sweden swedish / norway norwegian / finland finnish /
        iceland / poland polish / czechia czech czech_republic / slovakia slovak / slovenia slovenian /
        hungary hungarian / romania romanian / bulgaria / greece greek / turkey turkish / ukraine
        ukrainian / russia russian / estonia / latvia / lithuania / usa us_market united_states american
        america u.s states / canada canadian / mexico mexican / brazil brazilian / argentina / chile /
        colombia / china chinese / japan japanese / korea korean south_korea / india indian / singapore /
        indonesia / malaysia / thailand / vietnam / australia australian / new_zealand / south_africa /
        nigeria / egypt / israel / uae emirates dubai / saudi_arabia / arabic / europe european emea / eu
        european_union / asia asian apac asia-pacific / africa / latin_america latam south_america /
        north_america / middle_east / dach / nordics nordic scandinavia / benelux / worldwide global
        globally international internationally / london / paris / berlin / munich / madrid / amsterdam /
        rotterdam / dublin / new_york / california / texas
    """,
    "time": """
        today now currently right_now / yesterday / tomorrow / last_week / next_week / this_month /
        last_month / next_month / this_quarter / last_quarter / next_quarter / this_year / last_year /
        next_year / weekend weekends / weekday weekdays / monday / tuesday / wednesday / thursday / friday
        / saturday / sunday / january jan / february feb / march_month / april apr / june jun / july jul /
        august aug / september sept / october oct / november nov / december dec / spring / summer / autumn
        / winter / christmas / easter / q1 first_quarter 1st_quarter / q2 second_quarter 2nd_quarter / q3
        third_quarter 3rd_quarter / q4 fourth_quarter 4th_quarter / h1 first_half / h2 second_half
    """,
}
